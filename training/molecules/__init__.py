"""How the network that names the letters in drawings of molecules is made."""
