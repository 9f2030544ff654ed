import type { Answer } from '@holdfast/api'
import { importRuns } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { foldedLog } from './testing/folded-log.ts'

const MADE_UP = 5_200

/** Spans of an agent that each state another identity. */
function spansOf(service: string, identities: readonly string[]): object {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  return {
    resource: { attributes: [attribute('service.name', service), attribute('host.name', 'h')] },
    scopeSpans: [
      {
        spans: identities.map((identity, i) => ({
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: (i + 1).toString(16).padStart(16, '0'),
          name: 'step',
          startTimeUnixNano: '1795000000000000000',
          endTimeUnixNano: '1795000000000000001',
          attributes: [
            attribute('holdfast.identity.principal', identity),
            attribute('holdfast.identity.kind', 'service-account'),
          ],
        })),
      },
    ],
  }
}

test('identities that agents make up hide none that others share', async () => {
  const names = Array.from({ length: MADE_UP }, (_, i) => `a${i.toString().padStart(5, '0')}`)
  const half = MADE_UP / 2
  const resourceSpans = [
    spansOf('noise', names.slice(0, half)),
    spansOf('chatter', names.slice(half)),
    spansOf('desk', ['z-shared']),
    spansOf('refunds', ['z-shared']),
  ]
  const { groups } = importRuns({ file: 'spans.json', bytes: Buffer.from(JSON.stringify({ resourceSpans })) })
  await using log = await foldedLog(groups)
  const ask = <Q extends 'listInventoryFindings' | 'listIdentities'>(question: Q, args: object): Answer<Q> =>
    JSON.parse(log.views.answerJson(question, args as never) ?? '') as Answer<Q> // as the test names them
  for (const query of [{}, { agent: 'host:h/desk' }])
    expect(
      ask('listInventoryFindings', { query }).items.filter(({ kind }) => kind === 'shared-identity'),
    ).toMatchObject([{ identity: 'z-shared', agents: [{ agent: 'host:h/desk' }, { agent: 'host:h/refunds' }] }])
  expect(ask('listInventoryFindings', { query: { agent: 'host:h/noise' } }).items).toEqual([])
  const { items } = ask('listIdentities', {})
  expect(items).toHaveLength(5_000)
  expect(items.at(-1)).toMatchObject({ identity: 'z-shared', agents: ['host:h/desk', 'host:h/refunds'] })
})
