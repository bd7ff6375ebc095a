import { GraphQLError } from 'graphql';

/** What a token without the permission gets. */
export const forbidden = (): GraphQLError =>
  new GraphQLError('Resource not accessible by integration', { extensions: { type: 'FORBIDDEN' } });
