import type { JsonObject } from './json.ts';

/** gRPC codes that the API puts into `code`, with the HTTP status that the gateway makes of them. */
const httpStatus = { 2: 500, 3: 400, 5: 404, 7: 403, 9: 400, 13: 500, 14: 503, 16: 401 } as const;
export type GrpcCode = keyof typeof httpStatus;

/** An answer other than 200. */
export class ApiError extends Error {
  readonly code: GrpcCode;
  constructor(code: GrpcCode, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

export function statusOf(error: ApiError): number {
  return httpStatus[error.code];
}

export function bodyOf(error: ApiError): JsonObject {
  return { error: error.message, code: error.code, message: error.message };
}

const statusTexts: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
};

/** The same error as one event of a stream. */
export function streamBodyOf(error: ApiError): JsonObject {
  const http = statusOf(error);
  return {
    error: {
      grpc_code: error.code,
      http_code: http,
      message: error.message,
      http_status: statusTexts[http] ?? 'Internal Server Error',
    },
  };
}

export const denied = () => new ApiError(7, 'permission denied');
