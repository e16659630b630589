// Asks /healthz of the service in this container; exit status 0 when all is well.
const url = process.env.AFTERBELL_HEALTH_URL ?? "http://127.0.0.1:8420/healthz";
const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
