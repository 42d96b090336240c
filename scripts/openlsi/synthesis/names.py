"""Common forenames, surnames and streets from which made-up people and addresses are drawn."""

from __future__ import annotations

from openlsi.synthesis.text import words

FEMALE = words(
    """
    Mary Margaret Susan Patricia Christine Linda Jean Ann Barbara Carol Pauline Janet Sandra Maureen
    Sheila Jacqueline Julie Karen Deborah Tracey Sharon Angela Alison Helen Elizabeth Jane Sarah
    Nicola Joanne Michelle Lisa Claire Emma Kelly Rebecca Laura Gemma Stacey Leanne Victoria Rachel
    Amy Charlotte Hannah Jessica Lauren Sophie Chloe Megan Emily Georgia Bethany Olivia Amelia Jade
    Natasha Danielle Kirsty Hayley Zoë Renée Agnieszka Katarzyna Anna Maria Ioana Elena Fatima Aisha
    Priya Amandeep Harpreet Sunita Grace Blessing Joy Mercy Thandiwe Mei Siân Eileen Joyce Doreen
    Brenda Rita June Beryl Marjorie Kathleen Dorothy Sylvia Valerie Gillian Wendy Lesley
    """
)

MALE = words(
    """
    John David Michael Peter Robert Anthony Brian Alan William James Richard Kenneth Roger Keith
    Colin Barry Derek Raymond Trevor Malcolm Dennis Ronald Graham Stephen Paul Mark Andrew Kevin
    Gary Simon Ian Philip Martin Neil Nigel Steven Jason Lee Darren Matthew Christopher Daniel Adam
    Craig Ryan Liam Thomas Jack Joshua Luke Samuel Benjamin Connor Jordan Kieran Aaron Nathan Callum
    Dean Wayne Stuart Shaun Sean Scott Karl Carl Piotr Tomasz Andrei Ion José Mohammed Ahmed Ali
    Hassan Gurpreet Jaswinder Rajesh Emmanuel Kwame Chidi Wei André Owen Rhys Stanley Leonard
    Frederick Arthur Albert Ernest Harold Walter Norman Sidney Douglas Geoffrey Leslie Terence
    """
)

SURNAMES = words(
    """
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker
    White Roberts Green Hall Wood Jackson Clarke Clark Harris Lewis Turner Hill Cooper Morris Moore
    Ward Watson Morgan Bennett Harrison Baker Edwards Allen King Martin Lee Parker Cook Phillips
    Carter Shaw Bell Young Mitchell Cox Richardson Adams Marshall Collins Webb Chapman Ellis Mills
    Mason Rogers Knight Palmer Hunt Simpson Stevens Murray Graham Reynolds Fisher Barnes Powell
    Lloyd Matthews Russell Butler Gibson Fox Walsh Kelly Murphy Ryan Byrne O'Brien O'Neill O'Connor
    Kennedy Doyle Dunn Pearce Saunders Dawson Austin Gibbs Holmes Payne Pearson Harvey Perry Wells
    West Newman Field Fuller Packer Luckhurst Hogben Foad Epps Godden Hambrook Pilcher Kemp Goodwin
    Wraight Gambrill Boorman Hollands Crouch Waghorn Fagg Amos Post Tapsell Relf Dunk Hickmott Sharp
    Wickens Terry Brooker Fielder Burgess Barton Nash Bishop Ashby Day Finch Akers Pope Stone
    Coleman Cole Page Rose Bird Kaur Singh Patel Khan Ahmed Begum Hussain Ali Sharma Gill Rai Gurung
    Limbu Thapa Tamang Kowalski Nowak Wisniewska Popescu Ionescu Silva Santos Fernandes Okafor
    Adeyemi Mensah Boateng Mthembu Nguyen Chen Wong Smith-Jones Carter-Webb Hope-Ashby Van-Dyke De-
    Souza Müller García Núñez
    """
)

_STREET_NAMES = words(
    """
    Orchard Church Mill Station High Victoria Albert Queens Kings Chapel Park Castle Harbour Marsh
    Hop Oast Cherry Apple Windmill Priory Abbey Manor School Meadow Chalk Downs Weald Stour Medway
    Darent Swan Bell Forge Quarry Beech Oak Ash Elm Willow Hazel
    """
)

_STREET_KINDS = words("Road Street Close Lane Avenue Way Gardens")
STREETS = [f"{name} {kind}" for name in _STREET_NAMES for kind in _STREET_KINDS]

TOWNS = {
    "E07000105": ["Ashford", "Tenterden", "Charing"],
    "E07000106": ["Canterbury", "Herne Bay", "Whitstable"],
    "E07000107": ["Dartford", "Swanscombe", "Longfield"],
    "E07000108": ["Dover", "Deal", "Sandwich"],
    "E07000109": ["Gravesend", "Northfleet", "Meopham"],
    "E07000110": ["Maidstone", "Staplehurst", "Lenham"],
    "E07000111": ["Sevenoaks", "Swanley", "Edenbridge"],
    "E07000112": ["Folkestone", "Hythe", "New Romney"],
    "E07000113": ["Sittingbourne", "Faversham", "Sheerness"],
    "E07000114": ["Margate", "Ramsgate", "Broadstairs"],
    "E07000115": ["Tonbridge", "West Malling", "Snodland"],
    "E07000116": ["Tunbridge Wells", "Cranbrook", "Paddock Wood"],
}
