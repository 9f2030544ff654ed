import { ApiError } from '@holdfast/api'
import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { followSession } from './session-end.ts'

test('a session has ended where the server says so, not where it is silent, and an answer says that there is one', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const told: boolean[] = []
  const stop = followSession(client, (isEnded) => told.push(isEnded))
  const read = async (key: string, answer: () => Promise<string>): Promise<void> => {
    await client.fetchQuery({ queryKey: [key], queryFn: answer }).catch(() => undefined)
  }
  await read('silent', () => Promise.reject(new ApiError(0, 'no answer from the server')))
  client.setQueryData(['kept'], 'from before')
  expect(told).toEqual([])
  await read('refused', () => Promise.reject(new ApiError(401, 'sign in first')))
  await read('answered', () => Promise.resolve('agents'))
  expect(told).toEqual([true, false])
  // Whoever is signed out is told all the same whom one may sign in with.
  await read('refused anew', () => Promise.reject(new ApiError(401, 'sign in first')))
  await read('sign-in', () => Promise.resolve('a provider'))
  expect(told).toEqual([true, false, true])
  stop()
  await read('refused again', () => Promise.reject(new ApiError(401, 'sign in first')))
  expect(told).toHaveLength(3)
})
