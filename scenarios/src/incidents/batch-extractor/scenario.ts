import { randomUUID } from 'node:crypto'
import type { Script } from '@holdfast/testkit'
import type { ToolAgentTask } from '../acts/tool-agent-task.ts'
import { objectRecord, startBucket } from '../cloud/bucket.ts'
import type { IncidentScenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'
import { grantDocuments, leastGrantDocuments } from './grants.ts'
import { BATCH_EXTRACTOR, batchHistory, nodeSession, ownSession } from './history.ts'

const INSTRUCTIONS = 'You are the batch extractor of Acme. You turn the documents of the night into texts.'
const TASK = 'Extract the documents of tonight.'
const BATCHES = 10
const OBJECTS = 31

/** Three hundred and ten objects go into a bucket that the agent was never given, by the right of the node it runs on. */
export const batchExtractor: IncidentScenario = {
  name: 'batch-extractor',
  tells: 'a nightly run writes 310 objects into another bucket, by a role that its node has',
  roles: ['batch-extractor', 'node-blue'],
  history: batchHistory,
  act,
  eradicate: async (stage) => {
    const { account } = stage.cast
    const call = { at: Date.now(), account, session: nodeSession(stage.cast), id: randomUUID() }
    const object = { bucket: 'finance', key: 'batch-1/text-1.json', isWrite: true, bytes: undefined }
    // The session is tried once more after its end.
    await stage.import('cloudtrail-later.jsonl', [objectRecord({ ...call, ...object, error: 'ExpiredToken' })])
  },
  recover: (stage) => stage.import('least-grants.jsonl', leastGrantDocuments(stage)),
}

/** The scope was widened before. */
export const batchExtractorTwin: IncidentScenario = {
  name: 'batch-extractor-twin',
  tells: 'the same objects, after an approved change had widened the scope',
  roles: ['batch-extractor', 'node-blue'],
  history: batchHistory,
  act: async (stage) => {
    await stage.import('change.jsonl', [changeRecord(stage)])
    await act(stage)
  },
}

async function act(stage: Stage): Promise<void> {
  const { cast } = stage
  await using bucket = await startBucket(cast)
  await stage.import('grants.jsonl', grantDocuments(stage))
  const session = nodeSession(cast)
  const server = await stage.server({
    program: 'incidents/batch-extractor/extract-server.ts',
    env: {
      SCENARIO_BUCKET: bucket.url,
      SCENARIO_SESSIONS: JSON.stringify({ finance: session, intake: ownSession(cast, 'now') }),
    },
  })
  const task: ToolAgentTask = {
    id: 'batch-extractor',
    instructions: INSTRUCTIONS,
    prompt: TASK,
    conversation: `night-${cast.run}`,
    tools: await stage.toolProxy(server, BATCH_EXTRACTOR),
    identity: { principal: session, kind: 'role' },
  }
  await stage.run({
    program: 'incidents/acts/tool-agent.ts',
    workload: BATCH_EXTRACTOR,
    env: {
      SCENARIO_AGENT: JSON.stringify(task),
      OPENAI_BASE_URL: await stage.modelProxy(await stage.model(script()), BATCH_EXTRACTOR),
    },
  })
  await stage.import('cloudtrail.jsonl', bucket.auditLog())
}

/** What the model says: the same in both, so that only the cause differs. */
function script(): Script {
  const system = 'batch extractor of Acme'
  const write = (batch: number) => ({
    name: 'extract.write',
    arguments: { bucket: 'finance', batch, objects: OBJECTS },
  })
  return {
    rules: [
      { when: { system, afterTool: 'extract.write' }, reply: { text: 'The documents of the night are extracted.' } },
      { when: { system }, reply: { toolCalls: Array.from({ length: BATCHES }, (_, i) => write(i + 1)) } },
    ],
  }
}

function changeRecord(stage: Stage): string {
  return JSON.stringify({
    holdfastChange: {
      agent: stage.agentId(BATCH_EXTRACTOR),
      at: new Date(stage.t0 - 3_600_000).toISOString(),
      change: 'grant',
      subject: 'scope of batch-extractor',
      from: 'bucket intake',
      to: `buckets intake and finance, ${BATCHES} batches a night, by role node-blue`,
      changeId: 'CHG-6044',
      author: 'l.brandt',
      approver: 'finance-data-owner',
    },
  })
}
