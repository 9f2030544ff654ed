import { field, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { isAssistantRun, readAssistantRun } from './assistant-runs.ts'
import type { RunReading } from './run.ts'
import { isSweRun, readSweRun } from './swe-agent.ts'
import { isTauRun, readTauRun } from './tau-bench.ts'

/** Undefined where it has none of the layouts that a run of an agent is known to have. */
export function readRun(json: Json, where: string, fileStem: string): RunReading | undefined {
  if (isAssistantRun(json)) return readAssistantRun(json, where)
  if (isTauRun(json)) return readTauRun(json, where, fileStem)
  if (isSweRun(json)) return readSweRun(json, where, fileStem)
  return undefined
}

/** What to say of a layout that nothing here reads. */
export function unknownLayout(json: Json): string {
  if (field(json, 'holdfastChange') !== undefined)
    return 'a change record without what it needs: agent as k8s:cluster/namespace/workload or host:machine/service, change of the known kinds, and subject (docs/histories.md)'
  if (field(json, 'holdfastHistory') !== undefined)
    return 'the first line of a history, and of no other, says "holdfastHistory": 1 and "clock": "simulated", "imported" or "synthetic"'
  const keys = isJsonObject(json) ? Object.keys(json).slice(0, 8).join(', ') : typeof json
  return `unknown layout (${keys}): known are AgentDojo, AgentDyn, DRIFT, tau-bench, SWE-agent, agent-sentinel, OTLP, Tetragon, Falco, change records, CloudTrail, Kubernetes, Google Cloud, Azure, OpenAI and Anthropic audit logs, IAM policies, Kubernetes RBAC and workloads (JSON or YAML), agents' own statements of authority, MCP client configurations, agent configuration files, package manifests and lock files, A2A agent cards, and agents as Bedrock, Azure AI Foundry and Vertex AI export them`
}
