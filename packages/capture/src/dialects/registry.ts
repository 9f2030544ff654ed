import type { Received } from '../decode/records.ts'
import { adk } from './adk.ts'
import { agentCoreAdot } from './adot.ts'
import { aiSdkLegacy } from './ai-sdk-legacy.ts'
import { aiSdkV7 } from './ai-sdk-v7.ts'
import { claudeCode } from './claude-code.ts'
import type { Dialect } from './dialect.ts'
import { crewAi, msAgentFramework } from './frameworks.ts'
import { holdfastLoaded } from './holdfast-loaded.ts'
import { holdfastSocket } from './holdfast-socket.ts'
import { holdfastOnly } from './holdfast.ts'
import { langSmith } from './langsmith.ts'
import { mastra } from './mastra.ts'
import { mlflow } from './mlflow.ts'
import { openAiAgents } from './openai-agents.ts'
import { openInference } from './openinference.ts'
import { openLlmetry } from './openllmetry.ts'
import { otelGenAi } from './otel-genai.ts'
import { otelMcp, otelSemconv } from './semconv.ts'
import { strands } from './strands.ts'

/**
 * The vocabularies in the order in which they are asked: what a scope name tells, then what a marker attribute tells, then
 * plain GenAI and the general conventions.
 */
const VOCABULARIES: readonly Dialect[] = [
  holdfastSocket,
  holdfastLoaded,
  aiSdkV7,
  openAiAgents,
  adk,
  claudeCode,
  otelMcp,
  aiSdkLegacy,
  crewAi,
  openInference,
  langSmith,
  mlflow,
  mastra,
  openLlmetry,
  msAgentFramework,
  strands,
  otelGenAi,
  otelSemconv,
  holdfastOnly,
]

/** The runtime's distribution is asked first: it wraps the others, and says so on the resource. */
export const DIALECTS: readonly Dialect[] = [agentCoreAdot(VOCABULARIES), ...VOCABULARIES]

/** The first dialect that recognises the record. */
export function dialectOf(received: Received): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.recognises(received))
}
