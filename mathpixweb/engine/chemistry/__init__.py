"""Drawings of molecules read: lines and letters in pixels become atoms and bonds, and those SMILES."""
