/**
 * A CloudTrail call named as IAM grants name it: `s3:GetObject`. Most services are the first label of their event source
 * and most calls keep their name; the tables hold what AWS's service authorization reference spells otherwise. A name
 * without a counterpart (`signin:ConsoleLogin`) keeps its own.
 */
export function iamAction(source: string, name: string): string {
  const host = source.toLowerCase().replace(/\.amazonaws\.com(\.cn)?$/, '')
  const service = SERVICES.get(host) ?? host.split('.').at(-1) ?? host
  // `CreateFunction20150331`, `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`: the API's version, not a name.
  const plain = name.replace(/(?:20\d\d(?:_\d\d_\d\d|\d{4}))(?:v\d+)?$/, '')
  const action = ACTIONS.get(`${service}:${plain}`) ?? plain
  if (service === 'apigateway') return `apigateway:${restVerb(plain)}`
  return `${service}:${action}`
}

/** API Gateway's control plane is granted by HTTP verb. */
function restVerb(name: string): string {
  if (/^(Get|List|Export)/.test(name)) return 'GET'
  if (/^(Create|Import|Test|Generate)/.test(name)) return 'POST'
  if (name.startsWith('Put')) return 'PUT'
  if (name.startsWith('Update')) return 'PATCH'
  return /^(Delete|Flush)/.test(name) ? 'DELETE' : name
}

/** Event sources whose first label is not the prefix of their actions. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['monitoring', 'cloudwatch'],
  ['email', 'ses'],
  ['tagging', 'tag'],
  ['streams.dynamodb', 'dynamodb'],
  ['api.ecr', 'ecr'],
  ['api.sagemaker', 'sagemaker'],
  ['runtime.sagemaker', 'sagemaker'],
  ['models.lex', 'lex'],
  ['runtime.lex', 'lex'],
  ['data.iot', 'iot'],
  ['entitlement.marketplace', 'aws-marketplace'],
  ['metering.marketplace', 'aws-marketplace'],
  ['mturk-requester', 'mechanicalturk'],
  ['bedrock-runtime', 'bedrock'],
  ['bedrock-agent', 'bedrock'],
  ['bedrock-agent-runtime', 'bedrock'],
  ['macie', 'macie'],
  ['elasticmapreduce', 'elasticmapreduce'],
])

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['s3:HeadObject', 'GetObject'],
  ['s3:SelectObjectContent', 'GetObject'],
  ['s3:ListObjects', 'ListBucket'],
  ['s3:ListObjectsV2', 'ListBucket'],
  ['s3:HeadBucket', 'ListBucket'],
  ['s3:ListBuckets', 'ListAllMyBuckets'],
  ['s3:ListObjectVersions', 'ListBucketVersions'],
  ['s3:ListMultipartUploads', 'ListBucketMultipartUploads'],
  ['s3:ListParts', 'ListMultipartUploadParts'],
  ['s3:DeleteObjects', 'DeleteObject'],
  ['s3:CopyObject', 'PutObject'],
  ['s3:UploadPart', 'PutObject'],
  ['s3:UploadPartCopy', 'PutObject'],
  ['s3:CreateMultipartUpload', 'PutObject'],
  ['s3:InitiateMultipartUpload', 'PutObject'],
  ['s3:CompleteMultipartUpload', 'PutObject'],
  ['s3:PostObject', 'PutObject'],
  ['s3:GetBucketEncryption', 'GetEncryptionConfiguration'],
  ['s3:PutBucketEncryption', 'PutEncryptionConfiguration'],
  ['s3:DeleteBucketEncryption', 'PutEncryptionConfiguration'],
  ['s3:GetBucketLifecycle', 'GetLifecycleConfiguration'],
  ['s3:GetBucketLifecycleConfiguration', 'GetLifecycleConfiguration'],
  ['s3:PutBucketLifecycle', 'PutLifecycleConfiguration'],
  ['s3:PutBucketLifecycleConfiguration', 'PutLifecycleConfiguration'],
  ['s3:DeleteBucketLifecycle', 'PutLifecycleConfiguration'],
  ['s3:GetBucketReplication', 'GetReplicationConfiguration'],
  ['s3:PutBucketReplication', 'PutReplicationConfiguration'],
  ['s3:DeleteBucketReplication', 'PutReplicationConfiguration'],
  ['s3:GetBucketCors', 'GetBucketCORS'],
  ['s3:PutBucketCors', 'PutBucketCORS'],
  ['s3:DeleteBucketCors', 'PutBucketCORS'],
  ['s3:GetPublicAccessBlock', 'GetBucketPublicAccessBlock'],
  ['s3:PutPublicAccessBlock', 'PutBucketPublicAccessBlock'],
  ['s3:DeletePublicAccessBlock', 'PutBucketPublicAccessBlock'],
  ['s3:DeleteBucketTagging', 'PutBucketTagging'],
  ['lambda:Invoke', 'InvokeFunction'],
  ['lambda:InvokeAsync', 'InvokeAsync'],
  ['bedrock:Converse', 'InvokeModel'],
  ['bedrock:ConverseStream', 'InvokeModelWithResponseStream'],
  ['dynamodb:TransactGetItems', 'GetItem'],
  ['dynamodb:TransactWriteItems', 'PutItem'],
])
