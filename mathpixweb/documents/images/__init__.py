"""Images and drawings: what is asked about them, who reads them, and the answers."""
