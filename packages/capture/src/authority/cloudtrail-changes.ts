import type { Principal } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { JsonObject } from '../decode/any-value.ts'
import type { Change } from './reading.ts'

/** Changes that a call made to what an agent may do or runs, where the call's name says so plainly. */
export function cloudTrailChanges(
  record: JsonObject,
  call: { readonly action: string; readonly principal: Principal; readonly resources: readonly string[] },
): readonly Change[] {
  const change = kindOf(call.action)
  if (change === undefined) return []
  const parameters = field(record, 'requestParameters')
  const policy = textField(parameters, 'policyArn', 'policyName')
  const subject = call.resources[0] ?? textField(parameters, ...SUBJECTS) ?? call.action
  const to = policy ?? textField(parameters, 'imageUri', 's3Key', 'taskDefinition', 'foundationModel')
  const changeId = textField(record, 'eventID')
  return [
    {
      change,
      subject,
      author: call.principal.id,
      ...(to === undefined || to === subject ? {} : { to }),
      ...(changeId === undefined ? {} : { changeId }),
    },
  ]
}

const SUBJECTS = ['roleName', 'userName', 'groupName', 'functionName', 'service', 'agentId', 'endpointName', 'name']

function kindOf(action: string): Change['change'] | undefined {
  if (GRANTS.test(action)) return 'grant'
  if (DEPLOYS.test(action)) return 'deploy'
  return MODELS.test(action) ? 'model' : undefined
}

const GRANTS =
  /^(iam:(Put|Delete|Attach|Detach|Create|Update|Add|Remove|Set|Upload)\w*(Policy|PolicyVersion|Role|User|Group|ToGroup|FromGroup|AccessKey|LoginProfile|PermissionsBoundary|InstanceProfile|ToInstanceProfile|FromInstanceProfile)|organizations:(Attach|Detach|Create|Update|Delete)Policy|s3:(Put|Delete)BucketPolicy|kms:(PutKeyPolicy|CreateGrant|RevokeGrant|RetireGrant)|lambda:(Add|Remove)Permission|secretsmanager:(Put|Delete)ResourcePolicy|sso:(\w*PermissionSet|\w*AccountAssignment)|eks:(\w*AccessEntry|\w*AccessPolicy))$/

const DEPLOYS =
  /^(lambda:(UpdateFunctionCode|UpdateFunctionConfiguration|CreateFunction|UpdateAlias)|ecs:(UpdateService|RegisterTaskDefinition|CreateService)|bedrock:(PrepareAgent|UpdateAgentAlias|CreateAgentAlias)|bedrock-agentcore:(Update|Create)AgentRuntime|apprunner:(StartDeployment|UpdateService)|codedeploy:CreateDeployment)$/

const MODELS = /^(bedrock:UpdateAgent|sagemaker:UpdateEndpoint|sagemaker:UpdateEndpointWeightsAndCapacities)$/
