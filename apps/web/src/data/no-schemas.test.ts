import { expect, test, vi } from 'vitest'

vi.mock('zod', () => import('./no-schemas.ts'))

test('routes have method, path and kind of answer without schemas, and nothing can be checked by one', async () => {
  const { pathOf, routes } = await import('@holdfast/api')
  const { z } = await import('./no-schemas.ts')
  expect(routes.getIncident.method).toBe('GET')
  expect(pathOf(routes.getIncident, { incident: 'inc/1' }, {})).toBe('/api/v1/incidents/inc%2F1')
  expect(typeof routes.exportIncident.response).toBe('string')
  expect(routes.getIncident.response).toBe(z)
  expect(() => routes.getIncident.response.safeParse({})).toThrow('schemas are not in the workspace')
})

test('a problem is told by its own words all the same', async () => {
  const { ApiError, createClient } = await import('@holdfast/api')
  const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'no incident "x"' }
  const answers = [
    problem,
    { ...problem, detail: undefined },
    { ...problem, detail: 7 },
    { message: 'of a proxy' },
    null,
  ]
  const said = answers.map(async (answer) => {
    const fetch = async (): Promise<Response> => new Response(JSON.stringify(answer), { status: 404 })
    const client = createClient({ baseUrl: '', fetch })
    const error: unknown = await client
      .call('getIncident', { params: { incident: 'x' } })
      .catch((fault: unknown) => fault)
    return error instanceof ApiError ? [error.status, error.message] : error
  })
  expect(await Promise.all(said)).toEqual([
    [404, 'no incident "x"'],
    [404, 'Not Found'],
    [404, 'HTTP 404'],
    [404, 'HTTP 404'],
    [404, 'HTTP 404'],
  ])
})
