export { hostilePayloads } from './hostile/payloads.ts'
export type { HostilePayload } from './hostile/payloads.ts'
export {
  gatheredConversation,
  GATHERED_TEXTS,
  GATHERING,
  hostileCloudTrail,
  hostileConversation,
  hostileGathering,
  hostileIncident,
  hostileKubernetesAudit,
  hostileTraces,
} from './hostile/story.ts'
export { startJira } from './jira-api/jira-api.ts'
export { startLocalHttp } from './local-http.ts'
export type { ServiceFault } from './local-http.ts'
export { startPagerDuty } from './pagerduty-api/pagerduty-api.ts'
export { startSiemCollector } from './siem-collector/siem-collector.ts'
export { slackInteraction, startSlack } from './slack-api/slack-api.ts'
export { startSyslogCollector } from './syslog-collector/syslog-collector.ts'
export { startWebhookReceiver } from './webhook-receiver/webhook-receiver.ts'
export { startModelServer } from './model-server/model-server.ts'
export type { ModelRequest, ModelServer } from './model-server/model-server.ts'
export type { Script, ScriptReply, ScriptRule } from './model-server/script.ts'
export { MAILBOX, poisonedReport } from './poisoned-report.ts'
export { loadRecordings } from './recordings.ts'
export type { RecordedRequest, Recording } from './recordings.ts'
export { ServerProcess } from './server-process.ts'
export type { ReadyLine, ServerProcessOptions } from './server-process.ts'
export { chat, spanIdOf, toolCall, traceRequest } from './spans.ts'
export type { SpanSpec, TraceSpec } from './spans.ts'
export type { Fault } from './fault.ts'
export type { AccessRule, ApiUser } from './kubernetes-api/access.ts'
export { kubeconfigOf, writeKubectl } from './kubernetes-api/kubectl-program.ts'
export { startKubernetesApi } from './kubernetes-api/kubernetes-api.ts'
export type { KubernetesApiServer } from './kubernetes-api/kubernetes-api.ts'
export type { Resource as KubernetesResource } from './kubernetes-api/resources.ts'
export type { AwsCaller, AwsIamServer } from './aws-iam/aws-iam.ts'
export { startAwsIam } from './aws-iam/aws-iam.ts'
export type { AccountState, StoredRole } from './aws-iam/state.ts'
export type { BedrockAgentsServer, StoredAgent, StoredAlias } from './bedrock-agents/bedrock-agents.ts'
export { startBedrockAgents } from './bedrock-agents/bedrock-agents.ts'
export type { ManagedPlatformsServer } from './managed-platforms/managed-platforms.ts'
export { startManagedPlatforms } from './managed-platforms/managed-platforms.ts'
export type { IdentityProviderOptions, Person, TestIdentityProvider } from './identity-provider/identity-provider.ts'
export { startIdentityProvider } from './identity-provider/identity-provider.ts'
export { walkSignIn } from './identity-provider/walk-sign-in.ts'
export { accessTokenOf } from './identity-provider/access-token-of.ts'
