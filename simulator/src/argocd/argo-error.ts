/** An error of the API as the gateway answers it (grpc-gateway v1.16.0 `runtime/errors.go`, argo-cd `util/grpc/errors.go`). */
export class ArgoError extends Error {
  readonly grpcCode: number;
  constructor(grpcCode: number, message: string) {
    super(message);
    this.name = 'ArgoError';
    this.grpcCode = grpcCode;
  }
}

const HTTP: Readonly<Record<number, readonly [status: number, words: string]>> = {
  1: [408, 'Request Timeout'],
  2: [500, 'Internal Server Error'],
  3: [400, 'Bad Request'],
  4: [504, 'Gateway Timeout'],
  5: [404, 'Not Found'],
  6: [409, 'Conflict'],
  7: [403, 'Forbidden'],
  8: [429, 'Too Many Requests'],
  9: [400, 'Bad Request'],
  12: [501, 'Not Implemented'],
  13: [500, 'Internal Server Error'],
  14: [503, 'Service Unavailable'],
  16: [401, 'Unauthorized'],
};

/** HTTP status and its words for a gRPC code. */
export function httpStatusOf(grpcCode: number): readonly [status: number, words: string] {
  return HTTP[grpcCode] ?? [500, 'Internal Server Error'];
}

/** Body of an error outside a stream. */
export function unaryErrorBody(error: ArgoError): Record<string, unknown> {
  return { error: error.message, code: error.grpcCode, message: error.message };
}

/** Body of an error in a stream, in the order of the Go struct. */
export function streamErrorBody(error: ArgoError): Record<string, unknown> {
  const [status, words] = httpStatusOf(error.grpcCode);
  return { error: { grpc_code: error.grpcCode, http_code: status, message: error.message, http_status: words } };
}

export const unauthenticated = (message: string): ArgoError => new ArgoError(16, message);
export const permissionDenied = (message = 'permission denied'): ArgoError => new ArgoError(7, message);
export const invalidArgument = (message: string): ArgoError => new ArgoError(3, message);
export const failedPrecondition = (message: string): ArgoError => new ArgoError(9, message);
export const notFound = (message: string): ArgoError => new ArgoError(5, message);
export const unknownError = (message: string): ArgoError => new ArgoError(2, message);

/** True for errors made here, across realms. */
export function isArgoError(thrown: unknown): thrown is ArgoError {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'ArgoError';
}
