{{- define "gatecast.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "gatecast.selector" -}}
app.kubernetes.io/name: gatecast
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gatecast.labels" -}}
{{ include "gatecast.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "gatecast.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "gatecast.application" -}}
{{ index .Values.config "application.id" }}
{{- end -}}

{{- define "gatecast.topic" -}}
{{- $config := index . 0 -}}{{ index $config (index . 1) | default (index . 2) }}
{{- end -}}

{{- define "gatecast.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "gatecast.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "gatecast.volumes" -}}
- name: config
  configMap:
    name: {{ include "gatecast.name" . }}
- name: tmp
  emptyDir: {}
{{- if .Values.existingSecret }}
- name: secrets
  secret:
    secretName: {{ .Values.existingSecret }}
    defaultMode: 0440
{{- end }}
{{- if .Values.http.tlsSecret }}
- name: tls
  secret:
    secretName: {{ .Values.http.tlsSecret }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{- define "gatecast.mounts" -}}
- name: config
  mountPath: /etc/gatecast/gatecast.properties
  subPath: gatecast.properties
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.existingSecret }}
- name: secrets
  mountPath: /etc/gatecast/secrets
  readOnly: true
{{- end }}
{{- if .Values.http.tlsSecret }}
- name: tls
  mountPath: /etc/gatecast/tls
  readOnly: true
{{- end }}
{{- end -}}

{{- define "gatecast.environment" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: GATECAST_JAVA_OPTS
  value: {{ .Values.javaOptions | quote }}
{{- end -}}
