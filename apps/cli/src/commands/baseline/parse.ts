import type { Body, Query } from '@holdfast/api'

type State = NonNullable<Query<'listProfileEntries'>['state']>
type Field = Body<'stateAgent'>['field']

export const STATES = ['current', 'stale', 'left-out', 'new'] as const satisfies readonly State[]

export const FIELDS = [
  'class',
  'track',
  'data-classes',
  'owner',
  'live',
  'restartable',
  'harm-reversible',
  'takeover',
  'life-safety',
  'reportable',
  'mode',
  'build',
] as const satisfies readonly Field[]

/** `100-120,200` as pairs of first and last. Throws `SyntaxError`. */
export function parsePositions(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((part) => {
    const found = /^\s*(\d{1,15})(?:-(\d{1,15}))?\s*$/.exec(part)
    const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])]
    if (found === null || last < first) throw new SyntaxError('positions are 100-120,200: each first and last')
    return [first, last]
  })
}
