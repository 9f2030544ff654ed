import { expect, test } from 'vitest'
import { EventPlaces } from './event-places.ts'

test('tells the entry of each event of a block, and of an id that stands twice the first', () => {
  const places = new EventPlaces(10)
  places.add([
    { entry: 3, ids: ['a', 'b'] },
    { entry: 4, ids: ['b', 'c'] },
  ])
  expect(['a', 'b', 'c', 'd'].map((id) => places.entryOf(id))).toEqual([3, 3, 4, undefined])
  places.forget()
  expect(places.entryOf('a')).toBeUndefined()
})

test('keeps no more than was said, the newest of it, and a larger block whole', () => {
  const places = new EventPlaces(3)
  places.add([{ entry: 1, ids: ['a', 'b'] }])
  places.add([{ entry: 2, ids: ['c', 'd'] }])
  expect(['a', 'b', 'c', 'd'].map((id) => places.entryOf(id))).toEqual([undefined, 1, 2, 2])
  places.add([{ entry: 1, ids: ['b'] }])
  places.add([{ entry: 5, ids: ['e'] }])
  // What was added again last goes last.
  expect(['b', 'c', 'd', 'e'].map((id) => places.entryOf(id))).toEqual([1, undefined, 2, 5])
  places.add([{ entry: 6, ids: ['f', 'g', 'h', 'i'] }])
  expect(['b', 'd', 'e', 'f', 'g', 'h', 'i'].map((id) => places.entryOf(id))).toEqual([
    undefined,
    undefined,
    undefined,
    6,
    6,
    6,
    6,
  ])
})
