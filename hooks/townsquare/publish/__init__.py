"""Putting a built site where readers get it: one command, several sorts of host.

`command` asks the target what it holds, builds what grows from that, has `guards` refuse what
would go back in time or take too much away, hands the `plan` to the target and reads back what is
there afterwards. A target in `targets/` knows one sort of host and decides nothing.
"""
