# The gateway as an image: docs/operations/service.md says how to run it.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && chmod +x dist/src/cli/main.js && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# Secrets of the container are credentials of the configuration: ${credential:name}.
ENV NODE_ENV=production CREDENTIALS_DIRECTORY=/run/secrets
COPY --from=build /src/package.json /src/LICENSE /opt/openclaw-gateway/
COPY --from=build /src/node_modules /opt/openclaw-gateway/node_modules
COPY --from=build /src/dist /opt/openclaw-gateway/dist
RUN ln -s /opt/openclaw-gateway/dist/src/cli/main.js /usr/local/bin/openclaw-gateway \
 && install -d -m 700 -o node -g node /var/lib/openclaw-gateway
# Commands find the configuration here, also those of `exec`.
WORKDIR /etc/openclaw-gateway
USER node
VOLUME /var/lib/openclaw-gateway
EXPOSE 18790
HEALTHCHECK --interval=30s --timeout=5s --start-period=1m \
  CMD ["node", "-e", "fetch('http://127.0.0.1:18790/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["openclaw-gateway"]
CMD ["run"]
