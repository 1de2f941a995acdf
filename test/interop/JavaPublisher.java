import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Publishes as the publishers of AgentEnsemble 3.6.1 do, with nothing but java.net.http: many posts at once and out of order, each with
 * the request to upgrade to HTTP/2 that this client always makes, and a WebSocket with its id in the address and no Origin, on which each
 * text is handed over as soon as the one before has gone.
 * Prints the decision that comes back.
 */
public final class JavaPublisher {
  private static final int EVENTS = 200;
  private static final int SHUFFLED = 5;

  private static String envelope(String producerId, int sequence, String message) {
    return "{\"type\":\"event\",\"producer\":{\"producerId\":\"" + producerId + "\",\"serviceName\":\"java\"},\"sequence\":" + sequence
        + ",\"receivedAt\":\"" + Instant.now() + "\",\"message\":" + message + "}";
  }

  private static String message(int sequence) {
    if (sequence > 1) return "{\"type\":\"task_progress\",\"step\":" + sequence + "}";
    return "{\"type\":\"ensemble_started\",\"ensembleId\":\"e\",\"startedAt\":\"" + Instant.now() + "\",\"totalTasks\":1,\"workflow\":\"SEQUENTIAL\"}";
  }

  private static void post(HttpClient client, String server) throws Exception {
    List<Integer> order = new ArrayList<>();
    for (int n = 1; n <= EVENTS; n++) order.add(n);
    for (int from = 0; from < EVENTS; from += SHUFFLED) Collections.shuffle(order.subList(from, from + SHUFFLED));
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    for (int sequence : order) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server + "/api/hub/ingress"))
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(envelope("java-post", sequence, message(sequence))))
          .build();
      answers.add(client.sendAsync(request, BodyHandlers.discarding()));
    }
    for (CompletableFuture<HttpResponse<Void>> answer : answers) {
      int status = answer.get(30, TimeUnit.SECONDS).statusCode();
      if (status != 202) throw new IllegalStateException("A post was answered with " + status);
    }
  }

  private static String askForReview(HttpClient client, String server) throws Exception {
    CompletableFuture<String> decision = new CompletableFuture<>();
    WebSocket.Listener listener = new WebSocket.Listener() {
      private final StringBuilder text = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
        text.append(part);
        if (isLast) decision.complete(text.toString());
        socket.request(1);
        return null;
      }
    };
    WebSocket socket = client.newWebSocketBuilder()
        .buildAsync(URI.create("ws://" + server + "/ingress?producerId=java-socket"), listener)
        .get(30, TimeUnit.SECONDS);
    for (int sequence = 1; sequence < EVENTS; sequence++) socket.sendText(envelope("java-socket", sequence, message(sequence)), true).get();
    socket.sendText(envelope("java-socket", EVENTS, "{\"type\":\"review_requested\",\"reviewId\":\"r1\",\"taskDescription\":\"Draft\","
        + "\"taskOutput\":\"text\",\"timing\":\"AFTER_EXECUTION\",\"timeoutMs\":60000,\"onTimeout\":\"CONTINUE\"}"), true).get();
    return decision.get(60, TimeUnit.SECONDS);
  }

  public static void main(String[] args) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    post(client, args[0]);
    // The terminal's encoding need not know every letter.
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println(askForReview(client, args[0]));
    System.exit(0);
  }
}
