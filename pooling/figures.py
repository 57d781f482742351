"""
The figures that hold where nobody said otherwise, each with its source.

Money is in cents, so that 0.40 €/km reads ``40``.
"""

from dataclasses import dataclass

from pooling.phrases import message


@dataclass(frozen=True)
class Figure:
    """Hold one default with its unit and where it was read."""

    value: int
    unit: str
    source: str


SMALL_VAN_PER_KM = Figure(
    40, "cents per km", "La France agricole, article 733135: van of 3 to 4 m³, energy in"
)
REFRIGERATED_VAN_PER_KM = Figure(
    80, "cents per km", "La France agricole, article 733135: refrigerated, energy in"
)
LABOUR_PER_HOUR = Figure(1500, "cents per hour", "La France agricole, article 733135")
TOLLS_PER_KM = Figure(0, "cents per km", "ours: none counted until the roads carry tolls")
DIESEL_CO2_PER_LITRE = Figure(3170, "g CO2e per litre", "order of 26 April 2017: 2510 burnt, 660 upstream")
VAN_DIESEL_PER_KM = Figure(160, "ml per km", "order of 10 April 2012, annex II: van of 3.5 t")
TARGET_SHARE_OF_GOODS = Figure(15, "% of goods value", "ours: logistics above it are flagged")
TRIP_DETOUR = Figure(15 * 60, "seconds", "ours: unless the owner says otherwise")
ADDED_DELAY = Figure(5 * 60, "seconds", "ours: a promised hour may move later by at most this")
EARLIER_ARRIVAL = Figure(15 * 60, "seconds", "ours: a promised hour may move earlier by at most this")
ANSWER_TIME = Figure(4 * 3600, "seconds", "ours: a bid is answered within so many waking hours, or expires")
QUOTE_TIME = Figure(2 * 3600, "seconds", "ours: a quote holds its price so long, at most until the cut-off")
LATE_BID = Figure(
    10 * 60, "seconds", "ours: a bid placed so shortly before the cut-off moves it, so that others can answer"
)
RESERVED_SHARE = Figure(
    50,
    "percent",
    "ours: of a trip's room, held for goods named later, unless its owner says otherwise",
)
NAMING_LEAD = Figure(
    2 * 3600, "seconds", "ours: goods are named so long before the cut-off, so that others can still bid"
)
CUTOFF_EXTENSIONS = Figure(3, "times", "ours: so often at most late bids move one trip's cut-off")
SETUP_PER_STOP = Figure(
    5 * 60, "seconds", "La France agricole 733135: an hour for three clients, with loading"
)
SERVICE_PER_CRATE = Figure(
    20, "seconds", "La France agricole 733135: an hour for three clients, with loading"
)
OWN_VAN_CRATES = Figure(60, "crates per class", "ours: a van of 3 to 4 m³ with boxes for what is cold")
OWN_VAN_PAYLOAD = Figure(800, "kg", "ours: a van of 3 to 4 m³")
CRATE_WEIGHT = Figure(8, "kg per crate", "ours: where no weight is given")
COTRANSPORT_RADIUS = Figure(100_000, "m", "Code des transports, R3211-3: around the commune of origin")
PRIVATE_YEAR = Figure(
    200_000,
    "cents a year",
    message(
        "ours: Code des transports L3232-1 leaves it to an order that was not out when the minister answered "
        "question 2670 (4 February 2025); a setting of the house"
    ),
)
SERIES_AHEAD = Figure(8 * 7, "days", "ours: trips that repeat are made so far ahead")
PALLET_CRATES = Figure(
    32, "crates per pallet", "ours: 4 crates of 600×400 mm a layer on an EUR pallet, 8 layers of 200 mm"
)
CANCEL_FIRST_SHARE = Figure(
    25, "% of the price", "ours: owed by whoever cancels after the cut-off; before it, nothing"
)
CANCEL_SECOND_FROM = Figure(
    12 * 3600, "seconds", "ours: so long before the trip sets out the second share begins"
)
CANCEL_SECOND_SHARE = Figure(50, "% of the price", "ours: owed by whoever cancels from then on")
CANCEL_LAST_FROM = Figure(2 * 3600, "seconds", "ours: so long before the trip sets out the last share begins")
CANCEL_LAST_SHARE = Figure(75, "% of the price", "ours: owed by whoever cancels until the trip sets out")
REMATCH_TIME = Figure(
    2 * 3600, "seconds", "ours: a ride that was matched anew is left for nothing for so long at least"
)
NOT_THERE_SHARE = Figure(100, "% of the price", "ours: owed by whoever is not there at all")
SMALL_VAN_ENERGY = Figure(70, "ml per km", "ours: a diesel van of 3 to 4 m³; 7 litres per 100 km")
REFRIGERATED_VAN_ENERGY = Figure(100, "ml per km", "ours: the same van, cooling; 10 litres per 100 km")
DIESEL_PRICE = Figure(170, "cents per litre", "ours: about the price at the pump of 2025; say your own")
FLOW_CRATES = Figure(4, "crates a week", "ours: of a link of past purchases whose volume nobody told")
FLOW_CRATE_VALUE = Figure(3_200, "cents a crate", "ours: 8 kg at 4 euro, where a flow is told in euro only")
LOCAL_WITHIN = Figure(100_000, "m", "ours: by crow; the radius of cost sharing between farms, R3211-3")
WAY_OVER_CROW = Figure(130, "percent", "ours: a road against the crow, where no region is built")
CROW_SPEED = Figure(45, "km per hour", "ours: a van on country roads and in towns, where no region is built")
CONTRACT_PER_KG = Figure(
    3_300,
    "cents per kg",
    message(
        "Code des transports, annex II to part 3 (decree 2017-461, the standard contract), article 22: "
        "below 3 t"
    ),
)
CONTRACT_PER_PARCEL = Figure(100_000, "cents per crate", "the same: the most for one parcel")
COLD_CONTRACT_PER_KG = Figure(
    2_300, "cents per kg", message("decree 2001-1179, standard contract for perishables kept cold: below 3 t")
)
COLD_CONTRACT_PER_PARCEL = Figure(75_000, "cents per crate", "the same: the most for one parcel")
CONTRACT_BELOW = Figure(3_000, "kg", "both standard contracts: other limits hold from there on")
DECLARED_VALUE = Figure(2_000_000, "cents", "ours: the most that may be declared for one shipment")
COVER_SHARED = Figure(100_000, "cents", "ours: covered of one shipment at most, where cost is shared")
COVER_HIRED = Figure(1_000_000, "cents", "ours: covered of one shipment at most, on tours and by carriers")
LATE_SHARE = Figure(
    50,
    "% of the carriage",
    "ours: of crates that came late; the standard contract stops at 100 (article 24)",
)
CLAIM_DAYS = Figure(3, "days", "Code de commerce, L133-3: Sundays and holidays are not counted")
LATE_CLAIM_DAYS = Figure(7, "days", "ours: counted in the same way, for crates that came late")
CLAIM_ANSWER = Figure(7 * 86_400, "seconds", "ours: then an operator decides without an answer")
CLAIM_DECISION = Figure(14 * 86_400, "seconds", "ours: within so long an operator decides")
VAN_DEPRECIATION_PER_YEAR = Figure(
    240_000, "cents per year", "ours: a van of 3 to 4 m³ of 19,200 euro, over 8 years; say your own"
)
VAN_INSURANCE_PER_YEAR = Figure(80_000, "cents per year", "ours: for professional use; say your own")
VAN_UPKEEP_PER_YEAR = Figure(10_000, "cents per year", "ours: technical inspection and parking; say your own")
VAN_WEAR_PER_KM = Figure(
    6,
    "cents per km",
    "ours: what is left for tyres and repairs of the 28 without energy, at 15,000 km a year",
)
REFRIGERATED_VAN_DEPRECIATION_PER_YEAR = Figure(
    660_000,
    "cents per year",
    "ours: the van with body and cooling unit, 52,800 euro, over 8 years; say your own",
)
REFRIGERATED_VAN_INSURANCE_PER_YEAR = Figure(
    120_000, "cents per year", "ours: for professional use; say your own"
)
REFRIGERATED_VAN_UPKEEP_PER_YEAR = Figure(
    30_000, "cents per year", "ours: inspection, certificate of the cold body, parking; say your own"
)
REFRIGERATED_VAN_WEAR_PER_KM = Figure(
    9,
    "cents per km",
    "ours: what is left for tyres, repairs and the cooling of the 63 without energy, at 15,000 km a year",
)
VAN_YEAR = Figure(
    15_000, "km per year", "ours: over so many the yearly costs are in the price of a kilometre"
)
COOLING_PER_KM = Figure(30, "ml per km", "ours: what a cooling unit burns, as between the two vans")
DIESEL_UPSTREAM_PER_LITRE = Figure(660, "g CO2e per litre", "order of 26 April 2017: of the 3170")
PETROL_CO2_PER_LITRE = Figure(
    2710, "g CO2e per litre", "order of 10 April 2012, annex I: 2240 burnt, 470 upstream"
)
PETROL_UPSTREAM_PER_LITRE = Figure(470, "g CO2e per litre", "order of 10 April 2012, annex I: of the 2710")
GAS_CO2_PER_LITRE = Figure(
    2130, "g CO2e per litre", "order of 10 April 2012, annex I: natural gas, 1810 burnt, 320 upstream"
)
GAS_UPSTREAM_PER_LITRE = Figure(320, "g CO2e per litre", "order of 10 April 2012, annex I: of the 2130")
VAN_ELECTRICITY_PER_KM = Figure(250, "Wh per km", "ours: an electric van of 3.5 t, losses of charging in")
GRID_CO2_PER_KWH = Figure(
    48, "g CO2e per kWh", "French grid, all of it upstream; 53 in the order of 10 April 2012, annex I"
)
TRUCK_DIESEL_PER_KM = Figure(
    342, "ml per km", "order of 10 April 2012, annex II: articulated lorry of 40 t, long distance"
)
TRUCK_LOAD = Figure(
    12_500, "kg", "order of 10 April 2012, annex II: the same, empty ways counted: 25 t there, nothing back"
)
WHOLESALE_WAY = Figure(
    150_000, "m", "ours: from a farm to a wholesale market of the region; a setting of the house"
)
PUBLIC_PRICE_STEP = Figure(50, "cents per crate", "ours: a stranger is shown a price within steps of this")
