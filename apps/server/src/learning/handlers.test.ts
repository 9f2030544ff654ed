import { expect, test } from 'vitest'
import type { Call } from '../http/handlers.ts'
import { ViewError } from '../views/client.ts'
import { learningHandlers } from './handlers.ts'

const controls = ['inc-then', 'inc-part', 'inc-other', 'inc-gone'].map((incident, index) => ({
  record: {
    kind: 'learning',
    learning: `of-${incident}`,
    incident,
    by: 'ana',
    reason: '',
    do: 'proposed',
    change: { refinements: [] },
  },
  index,
  recordedAt: 1n,
}))

const views = {
  ask: async (_question: string, { incident }: { readonly incident: string }): Promise<string> => {
    if (incident === 'inc-gone') throw new ViewError(404, 'there is no such incident')
    return JSON.stringify({ id: 'inc-now', alsoKnownAs: ['inc-part'], earlierIds: ['inc-then'] })
  },
}

test('what an incident taught is found by each of its names, and by its own where it is gone', async () => {
  const { listLearnings } = learningHandlers({ views, reader: { controls: () => controls } } as never) // all that the list reads
  const taught = async (incident: string) =>
    JSON.stringify(await listLearnings({ query: { incident } } as Call<'listLearnings'>)).match(/of-inc-\w+/gv)
  expect(await taught('inc-now')).toEqual(['of-inc-part', 'of-inc-then'])
  expect(await taught('inc-then')).toEqual(['of-inc-part', 'of-inc-then'])
  expect(await taught('inc-gone')).toEqual(['of-inc-gone'])
})
