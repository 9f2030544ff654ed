import protobuf from 'protobufjs'
import { makeCorpus } from '../corpus.ts'

/**
 * The peer: protobuf.js decodes the same requests to objects, and does nothing else. Prints spans per CPU second over
 * the seconds given as the first argument.
 */
const SCHEMA = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
  ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; }
message Status { string message = 2; int32 code = 3; }
message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
  int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Request { repeated ResourceSpans resource_spans = 1; }
`

type Decoded = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly unknown[] }[] }[]
}

const request = protobuf.parse(SCHEMA).root.lookupType('Request')
const { requests } = makeCorpus(8)
const seconds = Number(process.argv[2] ?? '1')
decodeFor(seconds / 4)
const begun = process.cpuUsage()
const spans = decodeFor(seconds)
const { user, system } = process.cpuUsage(begun)
process.stdout.write(`${JSON.stringify({ spansPerCpuSecond: spans / ((user + system) / 1e6) })}\n`)

function decodeFor(limitSeconds: number): number {
  const end = performance.now() + limitSeconds * 1_000
  let decoded = 0
  for (let i = 0; performance.now() < end; i += 1) {
    const { body } = requests[i % requests.length] ?? { body: Buffer.alloc(0) }
    const message = request.decode(body) as unknown as Decoded // the schema above
    decoded += message.resourceSpans[0]?.scopeSpans[0]?.spans.length ?? 0
  }
  return decoded
}
