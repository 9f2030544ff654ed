import { expect, test } from 'vitest'
import { BEHIND_HEADER, createClient, type ClientOptions } from './client.ts'
import { openApiDocument } from './openapi.ts'
import { routes } from './routes.ts'

function clientOf(answer: () => Response): { client: ReturnType<typeof createClient>; asked: [string, RequestInit][] } {
  const asked: [string, RequestInit][] = []
  const fetch: ClientOptions['fetch'] = async (url, init) => {
    asked.push([url, init])
    return answer()
  }
  return { client: createClient({ baseUrl: 'http://x', token: 't', fetch }), asked }
}

test('a hostile id stays one segment of the path, and its query one value', async () => {
  const { client, asked } = clientOf(() => Response.json({ items: [] }))
  await client.call('listRows', { params: { conversation: 'a/../b?c#d' }, query: { q: '&kind=x', limit: 5 } })
  expect(asked[0]?.[0]).toBe('http://x/api/v1/conversations/a%2F..%2Fb%3Fc%23d/rows?q=%26kind%3Dx&limit=5')
  expect(asked[0]?.[1].headers).toEqual({ authorization: 'Bearer t' })
})

test('a problem, a page of a proxy and a silent server are each an ApiError with its status', async () => {
  const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'no such agent' }
  const answers: readonly [() => Response, { status: number; message: string }][] = [
    [() => Response.json(problem, { status: 404 }), { status: 404, message: 'no such agent' }],
    [() => new Response('<html>', { status: 502 }), { status: 502, message: 'HTTP 502' }],
    [() => new Response('<html>'), { status: 200, message: 'the answer to getIntegrity is not JSON' }],
    [
      () => {
        throw new TypeError('fetch failed')
      },
      { status: 0, message: 'no answer from http://x' },
    ],
  ]
  for (const [answer, says] of answers) {
    await expect(clientOf(answer).client.call('getIntegrity')).rejects.toMatchObject({ name: 'ApiError', ...says })
  }
})

test('an answer that lacks what was recorded last is told as one', async () => {
  const told: number[] = []
  const client = createClient({
    baseUrl: 'http://x',
    fetch: async () => Response.json({ items: [] }, { headers: { [BEHIND_HEADER]: '4711' } }),
    onBehind: (entries) => told.push(entries),
  })
  await client.call('listAgents')
  expect(told).toEqual([4711])
})

test('each route has its own method and path, and parameters for every name in the path', () => {
  const places = Object.values(routes).map(({ method, path }) => `${method} ${path}`)
  expect(new Set(places).size).toBe(places.length)
  for (const { path, params } of Object.values(routes)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))
    expect(Object.keys(params.shape).toSorted()).toEqual(names.toSorted())
  }
  const document = openApiDocument('1')
  expect(Object.keys(document['paths'] as object).toSorted()).toEqual(
    [...new Set(Object.values(routes).map(({ path }) => path))].toSorted(),
  )
})
