/** Answers of the three platforms, in the shapes that their references document; names and numbers are made up. */
export const ACCOUNT = '123456789012'
export const BEDROCK_ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/orders-agent`

type Answers = Readonly<Record<string, unknown>>

/** By call. A test changes what it needs. */
export function managedAnswers(): Record<string, Answers> {
  return {
    'bedrock:ListAgents': {
      agentSummaries: [
        {
          agentId: 'AGENT00001',
          agentName: 'orders',
          agentStatus: 'PREPARED',
          updatedAt: '2026-10-01T09:00:00Z',
          latestAgentVersion: '3',
        },
      ],
    },
    'bedrock:GetAgent': {
      agent: {
        agentId: 'AGENT00001',
        agentName: 'orders',
        agentArn: `arn:aws:bedrock:eu-central-1:${ACCOUNT}:agent/AGENT00001`,
        agentVersion: 'DRAFT',
        instruction: 'You answer questions about orders and never change one.',
        agentStatus: 'PREPARED',
        foundationModel: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
        idleSessionTTLInSeconds: 600,
        agentResourceRoleArn: BEDROCK_ROLE,
        createdAt: '2026-09-01T09:00:00Z',
        updatedAt: '2026-10-01T09:00:00Z',
      },
    },
    'bedrock:ListAgentActionGroups': {
      actionGroupSummaries: [
        {
          actionGroupId: 'ACTION0001',
          actionGroupName: 'look-up-order',
          actionGroupState: 'ENABLED',
          updatedAt: '2026-10-01T09:00:00Z',
        },
      ],
    },
    'bedrock:ListAgentKnowledgeBases': {
      agentKnowledgeBaseSummaries: [
        { knowledgeBaseId: 'KB00000001', knowledgeBaseState: 'ENABLED', updatedAt: '2026-10-01T09:00:00Z' },
      ],
    },
    'bedrock:ListAgentAliases': {
      agentAliasSummaries: [
        {
          agentAliasId: 'ALIAS00001',
          agentAliasName: 'live',
          agentAliasStatus: 'PREPARED',
          routingConfiguration: [{ agentVersion: '3' }],
          createdAt: '2026-09-02T09:00:00Z',
          updatedAt: '2026-10-01T09:00:00Z',
        },
      ],
    },
    'bedrock-agentcore:ListAgentRuntimes': {
      agentRuntimes: [
        {
          agentRuntimeArn: `arn:aws:bedrock-agentcore:eu-central-1:${ACCOUNT}:runtime/refunds-a1b2c3`,
          agentRuntimeId: 'refunds-a1b2c3',
          agentRuntimeVersion: '2',
          agentRuntimeName: 'refunds',
          description: 'answers refunds',
          lastUpdatedAt: '2026-10-02T09:00:00Z',
          status: 'READY',
        },
      ],
    },
    'bedrock-agentcore:GetAgentRuntime': {
      agentRuntimeArn: `arn:aws:bedrock-agentcore:eu-central-1:${ACCOUNT}:runtime/refunds-a1b2c3`,
      agentRuntimeName: 'refunds',
      agentRuntimeId: 'refunds-a1b2c3',
      agentRuntimeVersion: '2',
      createdAt: '2026-09-02T09:00:00Z',
      lastUpdatedAt: '2026-10-02T09:00:00Z',
      roleArn: `arn:aws:iam::${ACCOUNT}:role/refunds-runtime`,
      networkConfiguration: { networkMode: 'PUBLIC' },
      status: 'READY',
      lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28_800 },
      agentRuntimeArtifact: {
        containerConfiguration: { containerUri: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/refunds:2` },
      },
      protocolConfiguration: { serverProtocol: 'HTTP' },
      environmentVariables: { MODEL_ID: 'amazon.nova-pro-v1:0' },
    },
    'logs:FilterLogEvents': {
      events: [
        {
          logStreamName: 'default',
          timestamp: 1_790_000_000_000,
          ingestionTime: 1_790_000_540_000,
          eventId: '1',
          message:
            '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"InvokeAgentRuntime","kind":"SERVER","startTimeUnixNano":1790000000000000001,"endTimeUnixNano":1790000001000000003,"attributes":{"gen_ai.operation.name":"invoke_agent","gen_ai.agent.name":"refunds","aws.resource.arn":"arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/refunds-a1b2c3"},"resource":{"attributes":{"service.name":"refunds","cloud.platform":"aws_bedrock_agentcore"}},"scope":{"name":"","version":""},"status":{"code":"OK"},"durationNano":1000000002}',
        },
      ],
      searchedLogStreams: [],
    },
    'aiplatform:reasoningEngines.list': {
      reasoningEngines: [
        {
          name: 'projects/shop-prod/locations/europe-west4/reasoningEngines/1234567890',
          displayName: 'returns',
          createTime: '2026-09-01T09:00:00Z',
          updateTime: '2026-10-01T09:00:00Z',
          etag: 'AMEw9yN',
          spec: {
            agentFramework: 'google-adk',
            serviceAccount: 'returns@shop-prod.iam.gserviceaccount.com',
            packageSpec: { pythonVersion: '3.12' },
            deploymentSpec: { env: [{ name: 'MODEL', value: 'gemini-2.5-pro' }] },
            classMethods: [{ name: 'stream_query', api_mode: 'stream' }],
          },
        },
      ],
    },
    'logging:entries.list': {
      entries: [
        {
          logName: 'projects/shop-prod/logs/cloudaudit.googleapis.com%2Fdata_access',
          insertId: 'a1',
          timestamp: '2026-10-01T09:00:00Z',
          receiveTimestamp: '2026-10-01T09:00:02Z',
          resource: { type: 'audited_resource', labels: { project_id: 'shop-prod' } },
          protoPayload: {
            '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
            serviceName: 'aiplatform.googleapis.com',
            methodName: 'google.cloud.aiplatform.v1.ReasoningEngineExecutionService.StreamQueryReasoningEngine',
            authenticationInfo: { principalEmail: 'returns@shop-prod.iam.gserviceaccount.com' },
            authorizationInfo: [
              {
                resource: 'projects/shop-prod/locations/europe-west4/reasoningEngines/1234567890',
                permission: 'aiplatform.reasoningEngines.query',
                granted: true,
              },
            ],
          },
        },
      ],
    },
    'azure-ai-foundry:ListAgents': {
      object: 'list',
      data: [
        {
          id: 'asst_0001',
          object: 'assistant',
          created_at: 1_790_000_000,
          name: 'claims',
          description: null,
          model: 'gpt-5-mini',
          instructions: 'You explain how a claim is made.',
          tools: [{ type: 'file_search' }],
          tool_resources: { file_search: { vector_store_ids: ['vs_1'] } },
          temperature: 1,
          top_p: 1,
          metadata: {},
          response_format: 'auto',
        },
      ],
      first_id: 'asst_0001',
      last_id: 'asst_0001',
      has_more: false,
    },
    'microsoft.insights:ActivityLogs.List': {
      value: [
        {
          authorization: {
            action: 'Microsoft.CognitiveServices/accounts/projects/write',
            scope:
              '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/house/projects/claims',
          },
          caller: '11111111-2222-4333-8444-555555555555',
          claims: { appid: '11111111-2222-4333-8444-555555555555' },
          correlationId: 'c1',
          eventDataId: 'e1',
          operationName: { value: 'Microsoft.CognitiveServices/accounts/projects/write' },
          status: { value: 'Succeeded' },
          resourceId:
            '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/house/projects/claims',
          eventTimestamp: '2026-10-01T09:00:00Z',
          submissionTimestamp: '2026-10-01T09:04:00Z',
        },
      ],
    },
  }
}
