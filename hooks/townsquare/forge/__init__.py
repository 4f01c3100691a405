"""Response: how soon issues and change requests are answered, from what a forge exports."""
