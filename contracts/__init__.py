"""What was agreed and done: DSP messages and machines, agreements, usage, evidence entries.

Never holds storage or retries.
"""
