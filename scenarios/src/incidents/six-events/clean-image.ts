import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { step } from '../../respond/work-case.ts'
import { runToItsEnd } from '../network/watched-run.ts'
import type { Working } from '../scenario.ts'
import type { Stage } from '../stage.ts'
import { RESEARCH_AGENT } from './history.ts'
import { ENTER, researchRun } from './research-run.ts'

const NAME = 'registry.example.test/research-agent'
/** What is built is the agent's two programs. */
const PARTS = ['agent.ts', 'python-server.ts'].map(
  (file) => new URL(`../../../src/incidents/six-events/${file}`, import.meta.url),
)
/** Programs of a container do without entering or making namespaces; the way that was used is taken out. */
const ENVELOPE = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['setns', 'unshare'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
}
const MONITORED_HOURS = 25

/** The image is built anew and scanned, and the escape is run again in staging under the new envelope. */
export async function rebuildImage(stage: Stage, { incident, crew: { onCall, aiEngineer } }: Working): Promise<void> {
  await aiEngineer.api.call('attachScan', {
    params: { incident },
    query: { image: `${NAME}@${digest()}` },
    // No scanner is part of this repository: this is the answer of one that found nothing.
    body: { version: '2.1.0', runs: [{ tool: { driver: { name: 'image-scanner' } }, results: [] }] },
  })
  const envelope = join(stage.folder, 'envelope.json')
  writeFileSync(envelope, JSON.stringify(ENVELOPE))
  const workload = { namespace: 'ml-staging', deployment: 'research-agent-staging', pod: 'research-agent-staging-0' }
  const run = await researchRun(stage, { task: 'Replay the escape.', code: ['import subprocess', ENTER], workload })
  const report = await runToItsEnd(stage, { ...run, seccomp: envelope })
  const refused = report.violations.filter(({ call, outcome }) => call === 'unshare' && outcome === 'refused')
  stage.tell(`the escape in staging: ${refused.length > 0 ? 'denied' : 'passed'}`)
  await step(onCall, incident, {
    do: 'state',
    fact: 'escape-replay',
    value: refused.length > 0 ? 'denied' : 'passed',
    entries: [],
    digest: hash('sha256', JSON.stringify(report)),
  })
}

/** The clean image is deployed, runs, and is watched for a day. */
export async function bringBack(stage: Stage, { crew: { admin }, release }: Working): Promise<void> {
  await release()
  const agent = stage.agentId(RESEARCH_AGENT)
  const reason = 'built anew after the escape'
  for (const [field, value] of [
    ['build', digest()],
    ['mode', 'monitoring'],
  ] as const)
    await admin.api.call('stateAgent', { params: { agent }, body: { field, value, reason } })
  const workload = { ...RESEARCH_AGENT, image: { name: NAME, digest: digest() } }
  const run = await researchRun(stage, { task: 'Describe the notes of this week.', code: ['print(41 + 1)'], workload })
  const { RESEARCH_NOTES: _, ...env } = run.env
  await runToItsEnd(stage, { ...run, env, imports: [import.meta.resolve('@holdfast/sdk/register')] })
  await stage.pass(MONITORED_HOURS)
}

function digest(): string {
  return `sha256:${hash('sha256', Buffer.concat(PARTS.map((part) => readFileSync(part))))}`
}
