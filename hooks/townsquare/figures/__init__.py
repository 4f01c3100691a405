"""What is counted of a community: who did what and when, and what follows from it.

Nothing here is an output: pages, data files, digests and the terminal say what is found here.
Days are those of the site's time zone. Of people it gives keys, and names of those alone who are
listed; but for `past_report.unknown`, which is for managers' terminals.
"""
