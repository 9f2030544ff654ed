import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { held, NO_FIELD } from './act.ts'
import type { Definition, Document } from './act.ts'

/* Tool definitions and retrieved documents, in the shapes that providers and libraries share. */

/**
 * Tool definitions: `{type, name, description, parameters}`, OpenAI's `{type, function: {...}}`, Anthropic's
 * `input_schema`, AI SDK's `inputSchema`. Each may be JSON text of its own.
 */
export function readDefinitions(json: Json | undefined): readonly Definition[] {
  if (!isJsonArray(json)) return []
  const flat = json.flatMap((item) => {
    // Gemini groups them: `{functionDeclarations: [...]}`.
    const declared = field(item, 'functionDeclarations', 'function_declarations')
    return isJsonArray(declared) ? declared : [item]
  })
  return flat.flatMap((item): readonly Definition[] => {
    // Some frameworks only list the names.
    if (typeof item === 'string') return [{ name: item, description: NO_FIELD, parameters: NO_FIELD }]
    const spec = field(item, 'function', 'toolSpec') ?? item
    const name = textField(spec, 'name')
    if (name === undefined) return []
    const schema = field(
      spec,
      'parameters',
      'inputSchema',
      'input_schema',
      'parametersJsonSchema',
      'parameters_json_schema',
    )
    const inner = isJsonObject(schema) ? field(schema, 'jsonSchema', 'json') : undefined
    return [
      { name, description: held(field(spec, 'description'), NO_FIELD), parameters: held(inner ?? schema, NO_FIELD) },
    ]
  })
}

/** One document `{id, uri, version, digest, trust, content, score}`, as far as stated. */
export function readDocument(json: Json): Document {
  const origin = textField(json, 'id', 'document_id')
  const uri = textField(json, 'uri', 'url', 'source')
  const version = textField(json, 'version')
  const statedDigest = textField(json, 'digest', 'sha256')
  const trust = textField(json, 'trust')
  const score = field(json, 'score')
  const content = field(json, 'content', 'text', 'page_content', 'pageContent')
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(uri === undefined ? {} : { uri }),
    ...(version === undefined ? {} : { version }),
    ...(statedDigest === undefined ? {} : { statedDigest }),
    ...(trust === undefined ? {} : { trust }),
    ...(typeof score === 'number' ? { score } : {}),
    content: held(content, NO_FIELD),
  }
}
