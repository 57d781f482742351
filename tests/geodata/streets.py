"""A small address file for the embedded region, in the form of the national one."""

import gzip
from pathlib import Path

HEADER = (
    "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;"
    "nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;libelle_acheminement;nom_afnor;"
    "source_position;source_nom_voie;certification_commune;cad_parcelles"
)
BEAUSOLEIL = ("06240", "06012", "Beausoleil")
TURBIE = ("06320", "06150", "La Turbie")
EZE = ("06360", "06059", "Èze")


def line(number, rep, street, town, lat, lon, *, fantoir="0420", former=""):
    """Write one line of the file."""
    code, insee, commune = town
    tail = f"_{rep}" if rep else ""
    identity = f"{insee}_{fantoir}_{str(number).zfill(5)}{tail}"
    return (
        f"{identity};{insee}_{fantoir};{number};{rep};{street};{code};{insee};{commune};;{former};"
        f"1056000.1;6300000.2;{lon};{lat};entrée;;;{commune.upper()};{street.upper()};commune;commune;1;"
    )


REPUBLIQUE = [
    line(number, rep, "Boulevard de la République", BEAUSOLEIL, lat, lon)
    for number, rep, lat, lon in (
        (2, "", 43.7417, 7.4245),
        (12, "", 43.7425, 7.4249),
        (12, "bis", 43.7426, 7.4250),
        (14, "", 43.7428, 7.4251),
        (16, "a", 43.7430, 7.4252),
    )
]
CHURCHES = [
    line(3, "", "Rue de l’Église", EZE, 43.7280, 7.3617, fantoir="0100", former="Èze Village"),
    line(3, "", "Rue de l’Église", EZE, 43.7215, 7.3555, fantoir="0101", former="Èze Bord"),
]
GOOD = [
    *REPUBLIQUE,
    *CHURCHES,
    line(1050, "", "Route de la Grande Corniche", TURBIE, 43.7461, 7.3950, fantoir="0300"),
    line(2990, "", "Route de la Grande Corniche", TURBIE, 43.7440, 7.3801, fantoir="0300"),
    line(99999, "", "Lieu-dit Saint-Roch", TURBIE, 43.7479, 7.4013, fantoir="B044"),
]
OUTSIDE = [line(8, "", "Rue Mariès", ("81000", "81004", "Albi"), 43.9289, 2.1464, fantoir="1530")]


def write(path: Path, lines=GOOD, header=HEADER) -> Path:
    """Write a file; its name tells whether it is packed."""
    text = "\n".join([header, *lines]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path
