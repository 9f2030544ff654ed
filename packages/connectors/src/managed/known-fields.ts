/**
 * Fields that the providers document for each call that is read, as paths (`[]` is a member of a list, `*` any name, `**` all
 * below). `needed` are those that something is read from: where an answer lacks one, a part of the inventory is missing.
 * From the clients and references of the providers, as of November 2026.
 */
export type KnownFields = { readonly known: readonly string[]; readonly needed: readonly string[] }

export const KNOWN_FIELDS: ReadonlyMap<string, KnownFields> = new Map<string, KnownFields>([
  [
    'bedrock:ListAgents',
    {
      known: [
        'nextToken',
        ...under(
          'agentSummaries[]',
          'agentId agentName agentStatus description updatedAt latestAgentVersion guardrailConfiguration.**',
        ),
      ],
      needed: ['agentSummaries[].agentId'],
    },
  ],
  [
    'bedrock:GetAgent',
    {
      known: under(
        'agent',
        'agentId agentName agentArn agentVersion clientToken instruction agentStatus foundationModel description orchestrationType customOrchestration.** idleSessionTTLInSeconds agentResourceRoleArn customerEncryptionKeyArn createdAt updatedAt preparedAt failureReasons[] recommendedActions[] promptOverrideConfiguration.** guardrailConfiguration.** memoryConfiguration.** agentCollaboration',
      ),
      needed: ['agent.agentArn', 'agent.agentName', 'agent.foundationModel', 'agent.agentResourceRoleArn'],
    },
  ],
  [
    'bedrock:ListAgentActionGroups',
    {
      known: [
        'nextToken',
        ...under('actionGroupSummaries[]', 'actionGroupId actionGroupName actionGroupState description updatedAt'),
      ],
      needed: ['actionGroupSummaries[].actionGroupName'],
    },
  ],
  [
    'bedrock:ListAgentKnowledgeBases',
    {
      known: [
        'nextToken',
        ...under('agentKnowledgeBaseSummaries[]', 'knowledgeBaseId description knowledgeBaseState updatedAt'),
      ],
      needed: ['agentKnowledgeBaseSummaries[].knowledgeBaseId'],
    },
  ],
  [
    'bedrock:ListAgentAliases',
    {
      known: [
        'nextToken',
        ...under(
          'agentAliasSummaries[]',
          'agentAliasId agentAliasName description agentAliasStatus routingConfiguration[].** createdAt updatedAt aliasInvocationState',
        ),
      ],
      needed: ['agentAliasSummaries[].agentAliasId'],
    },
  ],
  [
    'bedrock-agentcore:ListAgentRuntimes',
    {
      known: [
        'nextToken',
        ...under(
          'agentRuntimes[]',
          'agentRuntimeArn agentRuntimeId agentRuntimeVersion agentRuntimeName description lastUpdatedAt status',
        ),
      ],
      needed: ['agentRuntimes[].agentRuntimeId'],
    },
  ],
  [
    'bedrock-agentcore:GetAgentRuntime',
    {
      known: under(
        '',
        'agentRuntimeArn agentRuntimeName agentRuntimeId agentRuntimeVersion createdAt lastUpdatedAt roleArn networkConfiguration.** status lifecycleConfiguration.** failureReason description workloadIdentityDetails.** agentRuntimeArtifact.** protocolConfiguration.** environmentVariables.** authorizerConfiguration.** requestHeaderConfiguration.** metadataConfiguration.** filesystemConfigurations[].**',
      ),
      needed: ['agentRuntimeArn', 'agentRuntimeName', 'roleArn'],
    },
  ],
  [
    'logs:FilterLogEvents',
    {
      known: [
        'nextToken',
        'searchedLogStreams[].**',
        ...under('events[]', 'logStreamName timestamp message ingestionTime eventId'),
      ],
      needed: ['events[].timestamp', 'events[].ingestionTime', 'events[].message'],
    },
  ],
  [
    'aiplatform:reasoningEngines.list',
    {
      known: [
        'nextPageToken',
        ...under(
          'reasoningEngines[]',
          'name displayName description createTime updateTime etag labels.** encryptionSpec.** contextSpec.** trafficConfig.** spec.packageSpec.** spec.containerSpec.** spec.sourceCodeSpec.** spec.deploymentSpec.** spec.classMethods[].** spec.agentFramework spec.serviceAccount spec.effectiveIdentity spec.identityType spec.agentCard.**',
        ),
      ],
      needed: ['reasoningEngines[].name', 'reasoningEngines[].spec'],
    },
  ],
  [
    'logging:entries.list',
    {
      known: [
        'nextPageToken',
        ...under(
          'entries[]',
          'logName insertId timestamp receiveTimestamp severity resource.** labels.** operation.** trace spanId traceSampled sourceLocation.** split.** httpRequest.** textPayload jsonPayload.** errorGroups[].** apphub.** protoPayload.**',
        ),
      ],
      needed: ['entries[].timestamp', 'entries[].receiveTimestamp', 'entries[].protoPayload'],
    },
  ],
  [
    'azure-ai-foundry:ListAgents',
    {
      known: [
        'object',
        'first_id',
        'last_id',
        'has_more',
        ...under(
          'data[]',
          'id object created_at name description model instructions tools[].** tool_resources.** temperature top_p response_format response_format.** metadata.**',
        ),
      ],
      needed: ['data[].id', 'data[].model'],
    },
  ],
  [
    'microsoft.insights:ActivityLogs.List',
    {
      known: [
        'nextLink',
        ...under(
          'value[]',
          'authorization.** caller channels claims.** correlationId description eventDataId eventName.** category.** httpRequest.** id level resourceGroupName resourceProviderName.** resourceId resourceType.** operationId operationName.** properties.** status.** subStatus.** eventTimestamp submissionTimestamp subscriptionId tenantId relatedEvents.**',
        ),
      ],
      needed: ['value[].eventTimestamp', 'value[].submissionTimestamp', 'value[].operationName'],
    },
  ],
])

function under(place: string, names: string): readonly string[] {
  return names.split(' ').map((name) => (place === '' ? name : `${place}.${name}`))
}
