/** What a field of a record is about, by its name alone: a guess that says that it is one. */
export type FieldClass = 'identity' | 'contact' | 'financial' | 'health' | 'location' | 'credential'

/** Undefined for a name that speaks of no person. Names are captured: untrusted. */
export function fieldClassOf(field: string): FieldClass | undefined {
  const words = field
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return CLASSES.find(([, names]) => words.some((word) => names.has(word)))?.[0]
}

/** In the order in which they are tried: what is more than one is the more sensitive. */
const CLASSES: readonly (readonly [FieldClass, ReadonlySet<string>])[] = [
  ['credential', new Set(['password', 'passphrase', 'pin', 'secret', 'token'])],
  [
    'health',
    new Set(
      'patient mrn diagnosis icd medication allergy allergies blood lab prescription condition symptom'.split(' '),
    ),
  ],
  ['financial', new Set('iban card pan account salary income payee balance amount bic routing'.split(' '))],
  ['contact', new Set('email mail phone telephone mobile fax'.split(' '))],
  ['location', new Set('address street city zip postcode postal latitude longitude ip'.split(' '))],
  [
    'identity',
    new Set(
      'name surname firstname lastname birth birthday dob ssn passport nationality gender username person'.split(' '),
    ),
  ],
]
