import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { namesAsked } from './names-asked.ts'

const views = (fault: ViewError | undefined) => ({
  ask: async (): Promise<string> => {
    if (fault !== undefined) throw fault
    return JSON.stringify({ id: 'inc-now', alsoKnownAs: ['inc-part'], earlierIds: ['inc-then'] })
  },
})

test('an incident is asked for by all its names, one that is gone by its own, and none where nobody named one', async () => {
  expect(await namesAsked(views(undefined), 'inc-then')).toEqual(new Set(['inc-then', 'inc-now', 'inc-part']))
  expect(await namesAsked(views(new ViewError(404, 'there is none')), 'inc-then')).toEqual(new Set(['inc-then']))
  expect(await namesAsked(views(undefined), undefined)).toBeUndefined()
  await expect(namesAsked(views(new ViewError(503, 'it ends')), 'inc-then')).rejects.toThrow('it ends')
})
