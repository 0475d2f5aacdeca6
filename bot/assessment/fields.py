"""The fields of the suitability check in the order asked, and the findings that an answer may hold."""

AGE = "age"
PATTERN = "hair_loss_pattern"
DURATION = "duration"
TREATMENTS = "prior_treatments"
CONDITIONS = "conditions"
MEDICATIONS = "medications"
PREGNANCY = "pregnancy_or_breastfeeding"
SCALP = "scalp_symptoms"
EXPECTATIONS = "expectations"
TIMELINE = "timeline"
SUMMARY = "summary"

FIELDS = (
    AGE, PATTERN, DURATION, TREATMENTS, CONDITIONS, MEDICATIONS, PREGNANCY, SCALP, EXPECTATIONS, TIMELINE,
)  # fmt: skip
SAFETY_FIELDS = frozenset({PATTERN, CONDITIONS, MEDICATIONS, PREGNANCY, SCALP})

# Where a finding belongs, whichever question it was told under.
FIELD_OF_FINDING = {
    "anticoagulant": MEDICATIONS,
    "immunosuppressant": MEDICATIONS,
    "isotretinoin": MEDICATIONS,
    "bleeding_disorder": CONDITIONS,
    "autoimmune": CONDITIONS,
    "cancer_history": CONDITIONS,
    "cancer_active": CONDITIONS,
    "keloid": CONDITIONS,
    "diabetes": CONDITIONS,
    "diabetes_uncontrolled": CONDITIONS,
    "anesthetic_allergy": CONDITIONS,
    "scarring_alopecia": PATTERN,
    "patchy_sudden_loss": PATTERN,
    "pregnant": PREGNANCY,
    "breastfeeding": PREGNANCY,
    "scalp_infection": SCALP,
}
FINDINGS = tuple(FIELD_OF_FINDING)
ADULT = 18
