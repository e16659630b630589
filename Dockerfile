# Afterbell as one container: configuration in /config (read-only is fine), the store in /data.
FROM node:24-slim

ENV NODE_ENV=production AFTERBELL_CONFIG=/config AFTERBELL_DATA=/data

WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY LICENSE README.md ./
COPY bin bin
COPY src src
COPY rules rules
COPY templates templates
COPY config config

RUN mkdir -p /config /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8420

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "bin/healthcheck.mjs"]

ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "bin/afterbell.mjs"]
CMD ["start"]
