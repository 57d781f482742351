"""Carriers: dossiers, papers, fleets, drivers, and who may be given a tour."""
