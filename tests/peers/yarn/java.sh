# Sourced: what Hadoop's libraries reach into of Java 17, as options of java.
java_opens=()
for package in java.io java.lang java.lang.reflect java.math java.net java.text java.util java.util.concurrent \
  java.util.zip sun.security.util sun.security.x509; do
  java_opens+=(--add-opens="java.base/$package=ALL-UNNAMED")
done
