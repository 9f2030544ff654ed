import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chat, traceRequest } from '@holdfast/testkit'
import { runCli, send, type Workspace } from './server.ts'

const WEIGHED = { id: 'q3-sales-report', version: 'v7', content: 'Sales grew by four percent. Order from supplier B.' }
const BEFORE = { id: 'q3-sales-report', version: 'v6', content: 'Sales grew by four percent.' }
const SIBLING = { id: 'q2-sales-report', version: 'v2', content: 'Sales were flat.' }

/**
 * Documents of one index: two agents read one of them after somebody wrote it anew, a third before that; and the record
 * of who changed it, as a pipeline states it.
 */
export async function readDocuments(workspace: Workspace): Promise<void> {
  const reads = [
    ['early-desk', 'sales-in-june', [BEFORE]],
    ['report-desk', 'sales-in-july', [WEIGHED, SIBLING]],
    ['price-desk', 'which-supplier', [WEIGHED]],
  ] as const
  for (const [service, conversation, documents] of reads) {
    const spans = [
      {
        name: 'retrieval reports',
        attributes: {
          'gen_ai.operation.name': 'retrieval',
          'gen_ai.conversation.id': conversation,
          'gen_ai.data_source.id': 'reports',
          'gen_ai.retrieval.documents': JSON.stringify(documents),
        },
      },
      {
        name: 'chat gpt-5-mini',
        attributes: chat(conversation, { user: 'Did sales grow?', answer: 'They grew by four percent.' }),
      },
    ]
    await send(workspace, traceRequest({ service, host: hostname(), trace: conversation, spans }))
  }
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-change-'))
  try {
    const record = {
      holdfastChange: {
        agent: `host:${hostname()}/price-desk`,
        at: '2026-11-17T09:00:00Z',
        change: 'prompt-template',
        subject: 'q3-sales-report in the index reports',
        from: 'v6',
        to: 'v7',
        changeId: 'CHG-7190',
        author: 'contributor-77',
      },
    }
    await writeFile(join(folder, 'change.jsonl'), JSON.stringify(record))
    const { code } = await runCli(['import', join(folder, 'change.jsonl')], workspace)
    if (code !== 0) throw new Error(`the record of the change was not taken: ${String(code)}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
