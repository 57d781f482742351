"""Who may drive tours, where, and for how much: dossiers, weeks, areas, plates, pay."""
