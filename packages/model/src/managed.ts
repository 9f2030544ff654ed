import type { Capability } from './diagnostic.ts'

/** Platforms that run agents for others. */
export type ManagedPlatformKind = 'bedrock' | 'vertex' | 'foundry'

/** How long a provider takes until an act can be read in its logs, by its own two times. */
export type LogDelay = {
  readonly records: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly mostMs: number
}

/** What reading a platform came to; recorded when it changes. Names of fields, and reasons, are untrusted. */
export type ManagedReport = {
  readonly name: string
  readonly platform: ManagedPlatformKind
  readonly reaches: string
  readonly calls: readonly { readonly api: string; readonly answers: number }[]
  /** Agents that are there. */
  readonly agents: number
  /** Fields that the provider has changed, against what is documented: a finding, though all of it is recorded. */
  readonly changes: readonly {
    readonly api: string
    readonly added: readonly string[]
    readonly missing: readonly string[]
  }[]
  readonly failures: readonly { readonly api: string; readonly why: string }[]
  /** Of the records of this sweep; absent where there was none, or none with two times. */
  readonly delay?: LogDelay
  readonly leftOut: number
}

/** What a platform lets be known or done for one capability. */
export type ProviderConstraint = {
  /** `given`: an API gives what is needed. `part`: some of it. `absent`: the platform has no means. */
  readonly means: 'given' | 'part' | 'absent'
  /** The API that gives it; of what is absent, the API that there is not. */
  readonly api: string
  readonly reason: string
}

type Row = Readonly<Record<Capability, ProviderConstraint>>

/**
 * Three platforms by nine capabilities: what their documented APIs give, as of November 2026. It bounds what can be covered;
 * whether it is covered is looked up in the log for each agent.
 */
export const PROVIDER_CONSTRAINTS: Readonly<Record<ManagedPlatformKind, Row>> = {
  bedrock: {
    C1: part(
      'bedrock:GetAgent, bedrock-agentcore:GetAgentRuntime',
      'the configured model, tools, sources and role; what the process loaded, and its patches, no call tells',
    ),
    C2: given('bedrock:GetAgent, ListAgentActionGroups', 'what the agent is follows from its tools and instruction'),
    C3: part(
      'bedrock:InvokeAgent with enableTrace; CloudWatch aws/spans',
      'tools, models and steps of an invocation; no process, file, network or system call',
    ),
    C4: given('iam:GetRolePolicy and its like; CloudTrail', 'grants of its role, and the calls that were made with it'),
    C5: given('bedrock:GetAgent', 'data classes and exposure are stated, the rest is looked up'),
    C6: part(
      'iam:CreatePolicy, iam:PutRolePermissionsBoundary',
      'IAM policy and boundary of its role; the machine takes no network or system call policy',
    ),
    C7: part(
      'iam:PutRolePermissionsBoundary',
      'one policy for each role; agents that share a role share it, and no system call envelope is to be had',
    ),
    C8: part(
      'bedrock:ListAgentVersions, CloudTrail UpdateAgent',
      'changes of the agent and its acts; limits of CPU and memory are not shown',
    ),
    C9: part(
      'CloudWatch aws/spans, CloudTrail',
      'from the invocation to the calls of its role; the kernel layer does not exist for others',
    ),
  },
  vertex: {
    C1: part(
      'aiplatform:reasoningEngines.list',
      'framework, Python, identity and environment as deployed; what the process loaded, no call tells',
    ),
    C2: given('aiplatform:reasoningEngines.list', 'what the agent is follows from its methods and framework'),
    C3: part(
      'Cloud Trace and logs of the agent (gen_ai attributes)',
      'tools, models and steps where the agent is built to report them; no process, file, network or system call',
    ),
    C4: given(
      'iam.projects.getIamPolicy; Cloud Audit Logs',
      'bindings of its service account, and permissions that were checked',
    ),
    C5: given('aiplatform:reasoningEngines.list', 'data classes and exposure are stated, the rest is looked up'),
    C6: part(
      'iam.roles.create, policies.denypolicies',
      'custom role, binding and deny policy; the machine takes no network or system call policy',
    ),
    C7: part(
      'iam policies by service account',
      'one policy for each service account; no system call envelope is to be had',
    ),
    C8: part(
      'Cloud Audit Logs UpdateReasoningEngine',
      'changes of the deployment and its acts; limits of CPU and memory only as metrics of the whole',
    ),
    C9: part(
      'Cloud Trace, Cloud Audit Logs',
      'from the request to permissions that were checked; the kernel layer does not exist for others',
    ),
  },
  foundry: {
    C1: part(
      'azure-ai-foundry:ListAgents',
      'model deployment, instructions and tools as configured; neither framework nor process is shown',
    ),
    C2: given('azure-ai-foundry:ListAgents', 'what the agent is follows from its tools and instructions'),
    C3: part(
      'Application Insights of the project (gen_ai attributes)',
      'runs, tools and models where tracing is switched on; no process, file, network or system call',
    ),
    C4: part(
      'Microsoft.Authorization/roleAssignments; activity log',
      'assignments are listed; reads and calls on data are recorded only where a resource sends its own logs',
    ),
    C5: given('azure-ai-foundry:ListAgents', 'data classes and exposure are stated, the rest is looked up'),
    C6: part(
      'Microsoft.Authorization/roleDefinitions',
      'custom role and its assignment; nobody may write a deny, and the machine takes no policy',
    ),
    C7: part(
      'role assignments by identity',
      'one role for each identity; agents of a project share its identity unless they have their own',
    ),
    C8: part(
      'activity log, agent versions',
      'changes of the resource; a change to an agent inside of a project is in no activity log',
    ),
    C9: part(
      'Application Insights, activity log',
      'from the run to control-plane operations; the kernel layer does not exist for others',
    ),
  },
}

/** What no platform of these gives to anybody, whatever the capability: the layer, and the API that there is not. */
export const KERNEL_CONSTRAINT: ProviderConstraint = {
  means: 'absent',
  api: 'none: no API shows processes, files, sockets or system calls of a hosted agent',
  reason: 'the provider runs the process: its machine can be neither watched nor given a policy',
}

function given(api: string, reason: string): ProviderConstraint {
  return { means: 'given', api, reason }
}

function part(api: string, reason: string): ProviderConstraint {
  return { means: 'part', api, reason }
}
