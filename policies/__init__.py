"""What may be asked, by whom, on which terms: ODRL, the Voile profile, the query language.

Never holds rows, HTTP, or any notion of who is calling.
"""
