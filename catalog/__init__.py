"""What is on offer: DCAT datasets, offers, product descriptions, certification of participants.

Never holds the search index or a web page.
"""
