"""The operator's hub: who may take part, and the shared catalogue. No row, no result, no key."""
