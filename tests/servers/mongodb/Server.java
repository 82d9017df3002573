import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.List;

/** Speaks MongoDB's protocol on a port of 127.0.0.1 and keeps everything in memory; says "ready" when it listens. */
class Server {
    /** MongoDB 7.0 as far as a driver asks: what the library itself calls its newest is too old for today's drivers. */
    static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(7, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 21;
        }
    };

    public static void main(String[] arguments) {
        MongoServer server = new MongoServer(new MemoryBackend().version(VERSION));
        // One thread serves everyone: the library's answers are its live documents, which another would change meanwhile.
        server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 1, 1);
        System.out.println("ready");
    }
}
