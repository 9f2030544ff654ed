import type { Component, Event, Sighting } from '@holdfast/model'

/** Which parts of an agent an event shows; most events show none. */
export function sightingsOf(event: Event): readonly Sighting[] {
  const { body, claimedAt, recordedAt, entry, source } = event
  const called = (component: Component): Sighting => ({
    component,
    sight: 'called',
    claimedAt,
    recordedAt,
    entry,
    tier: source.tier,
  })
  if (body.kind !== 'model-call') return []
  // The model that answered, not the one requested.
  const name = body.responseModel ?? body.requestModel
  return name === undefined ? [] : [called({ kind: 'model', name, slot: 'model', details: {} })]
}
