/** The Apache Kafka that tests and developers get where they bring none of their own: one place for its version. */
export const kafkaVersion = '4.3.1';

/** The oldest Java that runs it. */
export const javaMajorMin = 17;

/** The same version as a container. */
export const kafkaImage = `apache/kafka:${kafkaVersion}`;

const slf4jVersion = '1.7.36';

/** A Maven project whose runtime dependencies are a broker that logs to its standard error. */
export const brokerPom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>michinori</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>${slf4jVersion}</version>
    </dependency>
  </dependencies>
</project>
`;
