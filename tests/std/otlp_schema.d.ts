interface MessageType {
  fromObject(object: unknown): unknown;
  toObject(message: unknown, options: { longs: unknown }): unknown;
}
declare const root: {
  opentelemetry: {
    proto: { collector: { metrics: { v1: { ExportMetricsServiceRequest: MessageType } } } };
  };
};
export default root;
