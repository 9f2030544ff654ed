import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { MAX_RESOURCES } from './limits.ts'
import { resourcesOf } from './reading.ts'

/**
 * What a CloudTrail call was done to, as ARNs: those that the record states, those among its parameters, and those that
 * follow plainly from a parameter's name (`bucketName` and `key` are an object). Empty where it is not told.
 */
export function cloudTrailResources(record: JsonObject, service: string): readonly string[] {
  const stated = field(record, 'resources')
  const listed = isJsonArray(stated)
    ? stated.slice(0, MAX_RESOURCES).map((one) => textField(one, 'ARN', 'arn', 'resourceName'))
    : []
  const parameters = field(record, 'requestParameters')
  const built = builtArns(service, parameters, placeOf(record))
  const resources = resourcesOf([...listed, ...built, ...statedArns(parameters)])
  return service === 's3' ? withoutContainers(resources) : resources
}

/** A record of an object names its bucket beside it: the right that was asked for is one to the object. */
function withoutContainers(resources: readonly string[]): readonly string[] {
  return resources.filter((one) => !resources.some((other) => other.startsWith(`${one}/`)))
}

type Place = { readonly partition: string; readonly region: string; readonly account: string }

function placeOf(record: JsonObject): Place {
  const region = textField(record, 'awsRegion') ?? ''
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  const account = textField(record, 'recipientAccountId') ?? textField(field(record, 'userIdentity'), 'accountId') ?? ''
  return { partition, region, account }
}

/** Parameters that are ARNs themselves, one level deep. */
function statedArns(parameters: Json | undefined): readonly string[] {
  if (!isJsonObject(parameters)) return []
  return Object.values(parameters)
    .slice(0, MAX_RESOURCES)
    .flatMap((value) => (isJsonArray(value) ? value.slice(0, MAX_RESOURCES) : [value]))
    .filter((value): value is string => typeof value === 'string' && /^arn:[^:\s]*:[^:\s]+:/.test(value))
}

function builtArns(service: string, parameters: Json | undefined, place: Place): readonly string[] {
  if (service === 's3') return s3Arns(parameters, place)
  if (service === 'sqs') return queueArns(textField(parameters, 'queueUrl'), place)
  const rules = RULES.get(service) ?? []
  return rules.flatMap(([name, path, scope]) =>
    valuesOf(field(parameters, name), path).map((value) => {
      if (value.startsWith('arn:')) return value
      const region = scope === 'global' ? '' : place.region
      const account = scope === 'owned-by-aws' ? '' : place.account
      return `arn:${place.partition}:${service}:${region}:${account}:${path}${value.replace(/^\//, path === 'parameter/' ? '' : '/')}`
    }),
  )
}

/** Parameter -> start of the ARN's last part; regional unless said. */
type Rule = readonly [parameter: string, path: string, scope?: 'global' | 'owned-by-aws']

const RULES: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  [
    'iam',
    [
      ['roleName', 'role/', 'global'],
      ['userName', 'user/', 'global'],
      ['groupName', 'group/', 'global'],
      ['instanceProfileName', 'instance-profile/', 'global'],
    ],
  ],
  ['dynamodb', [['tableName', 'table/']]],
  ['lambda', [['functionName', 'function:']]],
  [
    'secretsmanager',
    [
      ['secretId', 'secret:'],
      ['secretIdList', 'secret:'],
    ],
  ],
  [
    'ssm',
    [
      ['name', 'parameter/'],
      ['names', 'parameter/'],
    ],
  ],
  ['sns', [['topicArn', '']]],
  ['kms', [['keyId', 'key/']]],
  ['logs', [['logGroupName', 'log-group:']]],
  ['ecr', [['repositoryName', 'repository/']]],
  ['kinesis', [['streamName', 'stream/']]],
  [
    'rds',
    [
      ['dBInstanceIdentifier', 'db:'],
      ['dBClusterIdentifier', 'cluster:'],
      ['dBSnapshotIdentifier', 'snapshot:'],
    ],
  ],
  [
    'bedrock',
    [
      ['modelId', 'foundation-model/', 'owned-by-aws'],
      ['guardrailIdentifier', 'guardrail/'],
      ['agentId', 'agent/'],
      ['knowledgeBaseId', 'knowledge-base/'],
    ],
  ],
  [
    'ec2',
    [
      ['instanceId', 'instance/'],
      ['instancesSet', 'instance/'],
      ['instancesSet', 'image/', 'owned-by-aws'],
      ['volumeId', 'volume/'],
      ['snapshotId', 'snapshot/'],
      ['imageId', 'image/'],
      ['groupId', 'security-group/'],
    ],
  ],
  ['eks', [['name', 'cluster/']]],
  ['states', [['stateMachineArn', '']]],
])

/** A text, a list of texts, or EC2's `{items: [{instanceId}]}`; of a set, the members that the kind of resource has. */
function valuesOf(value: Json | undefined, path: string): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (isJsonArray(value)) return value.slice(0, MAX_RESOURCES).flatMap((one) => valuesOf(one, path))
  const items = field(value, 'items')
  if (!isJsonArray(items)) return []
  // What is started names an image where an instance that is there has its own id.
  const names = path === 'instance/' ? ['instanceId'] : path === 'image/' ? ['imageId'] : OF_SETS
  return items.slice(0, MAX_RESOURCES).flatMap((item) => textField(item, ...names) ?? [])
}

const OF_SETS = ['instanceId', 'volumeId', 'snapshotId', 'imageId', 'groupId']

function s3Arns(parameters: Json | undefined, { partition }: Place): readonly string[] {
  const bucket = textField(parameters, 'bucketName', 'bucket')
  if (bucket === undefined) return []
  const name = bucket.startsWith('arn:') ? bucket : `arn:${partition}:s3:::${bucket}`
  const key = textField(parameters, 'key')
  return [key === undefined ? name : `${name}/${key}`]
}

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/jobs`. */
function queueArns(url: string | undefined, { partition, region }: Place): readonly string[] {
  const parts = /^https?:\/\/[^/]+\/(\d{12})\/([^/?#]+)$/.exec(url ?? '')
  return parts === null ? [] : [`arn:${partition}:sqs:${region}:${parts[1]}:${parts[2]}`]
}
