BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'porras','m001_first','2026-11-29 19:45:32.108755+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'porras','m002_episodes','2026-11-29 19:45:32.109809+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'porras','m003_units','2026-11-29 19:45:32.111152+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'porras','m004_people','2026-11-29 19:45:32.168813+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'porras','m005_corrections','2026-11-29 19:45:32.170083+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'porras','m006_open_stops','2026-11-30 06:00:35.594990+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'porras','m007_risk','2026-11-30 10:02:55.057971+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'porras','m008_taken','2026-11-30 22:08:56.002993+00:00');
CREATE TABLE account_changes (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    kind TEXT NOT NULL CHECK (kind IN ('roles', 'disabled', 'enabled', 'os_user')),
    value TEXT CHECK (length(value) BETWEEN 1 AND 80),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (kind <> 'roles' OR value IS NOT NULL)
) STRICT;
INSERT INTO "account_changes" VALUES('01a1f7f8-66b0-7000-9801-0638affbe742','01a1f7f8-5af8-7000-b495-5f085c920150','roles','nurse','2026-11-20T08:00:15.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    question TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('given', 'skipped', 'withdrawn')),
    value TEXT CHECK (json_valid(value)),
    why TEXT,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE, origin TEXT CHECK (origin = 'episode'), salt TEXT CHECK (length(salt) = 16),
    UNIQUE (assessment_id, seq),
    UNIQUE (assessment_id, question, id),
    FOREIGN KEY (assessment_id, question, supersedes)
        REFERENCES answers (assessment_id, question, id),
    CHECK ((state = 'given') = (value IS NOT NULL))
) STRICT;
INSERT INTO "answers" VALUES('01a1f7f9-1290-7000-bd47-558d34520c57','01a1f7f8-fb20-7000-8153-80bb1d0b67b2',1,'q1','given','1',NULL,'2026-11-20T08:00:59.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'K3vOQDqV-HAM-Bo6');
INSERT INTO "answers" VALUES('01a1f7f9-1e48-7000-8a34-58b7d61a513e','01a1f7f8-fb20-7000-8153-80bb1d0b67b2',2,'q1','given','2',NULL,'2026-11-20T08:01:02.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','01a1f7f9-1290-7000-bd47-558d34520c57',NULL,'wJTLPHS8Flx5KJFF');
INSERT INTO "answers" VALUES('01a1f7f9-ce10-7000-82b6-b097be82df94','01a1f7f9-c258-7000-94af-badf97385b7c',1,'q1','given','3',NULL,'2026-11-20T08:01:47.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'XF46BOBHhom5s2RU');
INSERT INTO "answers" VALUES('01a1fd1e-c2b0-7000-88f6-382cedf2a3b0','01a1fd1e-b310-7000-83f2-10e9cc9ff658',1,'danger','given','"yes"',NULL,'2026-11-21T08:00:15.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'HliaN-6uDXRoLceU');
INSERT INTO "answers" VALUES('01a1fd1e-ce68-7000-8d86-fc9ce6f3dd71','01a1fd1e-b310-7000-83f2-10e9cc9ff658',2,'mood.1','given','0',NULL,'2026-11-21T08:00:18.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'KdlU05bUlgSvggPV');
INSERT INTO "answers" VALUES('01a1fd1e-da20-7000-b2a2-95b569c13748','01a1fd1e-b310-7000-83f2-10e9cc9ff658',3,'mood.2','given','0',NULL,'2026-11-21T08:00:21.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'hTeXP496L3WmfYN3');
INSERT INTO "answers" VALUES('01a1fd1f-7278-7000-96a4-bf5940eb59eb','01a1fd1f-66c0-7000-8b68-c3ec7c5818cc',1,'danger','given','"yes"',NULL,'2026-11-21T08:01:00.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,NULL,'vet2qYT7jXqrpLNt');
CREATE TABLE assessment_moves (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('wrong_client', 'moved', 'returned', 'attached')),
    client TEXT NOT NULL REFERENCES clients (id),
    episode_id TEXT REFERENCES episodes (id),
    why TEXT CHECK (length(why) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16),
    CHECK (kind <> 'wrong_client' OR episode_id IS NULL),
    CHECK ((kind = 'attached') = (why IS NULL)),
    CHECK (kind <> 'attached' OR episode_id IS NOT NULL)
) STRICT;
INSERT INTO "assessment_moves" VALUES('01a1f7fa-4ef8-7000-aea9-bce65c0f0ae8','01a1f7fa-3788-7000-8712-4c86a756ecdf','moved','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c',NULL,'of the other client','2026-11-20T08:02:20.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','B47QNTrCErLAbh0m');
INSERT INTO "assessment_moves" VALUES('01a1f7fa-5e98-7000-ac15-0f44386ec51b','01a1f7fa-3788-7000-8712-4c86a756ecdf','attached','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','01a1f7f9-7ff0-7000-9403-7b498f37e943',NULL,'2026-11-20T08:02:22.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','tsvunzckaEvPlONT');
INSERT INTO "assessment_moves" VALUES('01a1f7fa-6a50-7000-89eb-162fb86642a8','01a1f7f9-aed0-7000-86f4-8e8039cd31d1','wrong_client','01a1f7f8-8dc0-7000-8255-8cefd02756d2',NULL,'of nobody known here','2026-11-20T08:02:27.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','59YzLiNkjTe7nL-g');
CREATE TABLE assessments (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    pathway_digest TEXT NOT NULL REFERENCES pathways (digest),
    setting TEXT NOT NULL,
    language TEXT NOT NULL,
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
    started_by TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "assessments" VALUES('01a1f7f8-fb20-7000-8153-80bb1d0b67b2',1,'01a1f7f8-7e20-7000-a4ca-34d47d787546','sha256:11aa','clinic','fi','2026-11-20T08:00:53.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','-Gg-9SXcoSJIXm3L');
INSERT INTO "assessments" VALUES('01a1f7f9-aed0-7000-86f4-8e8039cd31d1',2,'01a1f7f8-8dc0-7000-8255-8cefd02756d2','sha256:11aa','clinic','fi','2026-11-20T08:01:39.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','g-o9DZNGUqjHBuNu');
INSERT INTO "assessments" VALUES('01a1f7f9-c258-7000-94af-badf97385b7c',3,'01a1f7f8-8dc0-7000-8255-8cefd02756d2','sha256:11aa','clinic','sv','2026-11-20T08:01:44.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','A4oQlgLuLbi6diZI');
INSERT INTO "assessments" VALUES('01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56',4,'01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','sha256:11aa','phone','fi','2026-11-20T08:01:50.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','eF3GJv1I178NYwLO');
INSERT INTO "assessments" VALUES('01a1f7fa-3788-7000-8712-4c86a756ecdf',6,'01a1f7fa-1c30-7000-801b-1b7db34beafb','sha256:11aa','phone','fi','2026-11-20T08:02:14.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','mSNx-_Sc9w_4Wo-d');
INSERT INTO "assessments" VALUES('01a1fd1e-b310-7000-83f2-10e9cc9ff658',7,'01a1fd1e-a370-7000-80f0-19e50e891a14','41d92e939d898a722495132ab186fbd4d175f7e328ce29deabeb66db6cc6ea61','clinic','fi','2026-11-21T08:00:11.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','Ms-87NlAMmfqUrxe');
INSERT INTO "assessments" VALUES('01a1fd1f-66c0-7000-8b68-c3ec7c5818cc',8,'01a1fd1e-a370-7000-80f0-19e50e891a14','41d92e939d898a722495132ab186fbd4d175f7e328ce29deabeb66db6cc6ea61','clinic','fi','2026-11-21T08:00:57.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','kVFeCc9XeWDIqgqf');
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
, os_user TEXT, origin TEXT, app TEXT) STRICT;
INSERT INTO "audit" VALUES(1,'2026-11-20T08:00:03.000Z','nurse-1','worker.added','01a1f7f8-33e8-7000-b795-892bd45312b8','1d957dbadef69e076c81bd7f9f7ac6a8f018508e2fb27062898f81a080ce56d0','0000000000000000000000000000000000000000000000000000000000000000','6d4e07d7b08ba0fb1c7b1969654c57017b8768b2019deee9864e29a5766a297b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(2,'2026-11-20T08:00:06.000Z','nurse-1','sealkey.made','d11af4c26fe1cd093e13f880b2dc44db5cb4be7cf89e4fd857809e0bb8868db0','73984a625ff190d00642617643167d9eb745f6855f8ef8692fcee223d33ec781','6d4e07d7b08ba0fb1c7b1969654c57017b8768b2019deee9864e29a5766a297b','76533aca0818e96acf3d2f04a81ef9ef168333f50ec842cf9d2c1dc1ca5bf8c3','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(3,'2026-11-20T08:00:07.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-b795-892bd45312b8','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','76533aca0818e96acf3d2f04a81ef9ef168333f50ec842cf9d2c1dc1ca5bf8c3','44737c034df216f4e5871b021ee39fefc906f5e8ea9508c23eff11548c20a301','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(4,'2026-11-20T08:00:10.000Z','nurse-1','unit.named','01a1f7f8-4f40-7000-b651-5349e7bd9af1','636fcbb184e9735d06851af349da0ae01a119845fc1e0def43151929d73e58da','44737c034df216f4e5871b021ee39fefc906f5e8ea9508c23eff11548c20a301','d16ed53687092455698f4ae290cb5989c0590de8ac6e0106cb5d5b5e43c2d78a','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(5,'2026-11-20T08:00:13.000Z','nurse-1','worker.added','01a1f7f8-5af8-7000-b495-5f085c920150','878f5a1e354fa9347bb536804be6eff50004df3f70b0cf35004925c78b760d0e','d16ed53687092455698f4ae290cb5989c0590de8ac6e0106cb5d5b5e43c2d78a','1c364d24f32d03dc94e24ac27dc7ce650ae18ad1ad0f4227636a7889125c6093','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(6,'2026-11-20T08:00:16.000Z','nurse-1','person.roles','01a1f7f8-66b0-7000-9801-0638affbe742','3ccabcda0cb93d0bb343df43f988325ce9508ef59da037b899f5fee11510332e','1c364d24f32d03dc94e24ac27dc7ce650ae18ad1ad0f4227636a7889125c6093','7535e23f58cb1d5e9674be3a5af87650695256023c7bf20ea6d2584eccbbe6aa','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(7,'2026-11-20T08:00:19.000Z','nurse-1','unit.named','01a1f7f8-7268-7000-bb3a-83a44904005a','f4f2a3adf208bbc55944656d1622223db31cb8e7a230930e6b0ce5a5e7a4191a','7535e23f58cb1d5e9674be3a5af87650695256023c7bf20ea6d2584eccbbe6aa','5e2f4bd5d6bbb292b0fe27df6225059db2adc7f34c407626949694f7854cb189','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(8,'2026-11-20T08:00:23.000Z','nurse-1','client.added','01a1f7f8-7e20-7000-a4ca-34d47d787546','3e75b199921b233994bcd5e208702d8f6b4ad804b9f4b4e30de4c675c33d457f','5e2f4bd5d6bbb292b0fe27df6225059db2adc7f34c407626949694f7854cb189','0aa6674889ddc05f521302bcfb9536a6e155ee1e27f73f4afd649b2aa157f312','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(9,'2026-11-20T08:00:27.000Z','nurse-1','client.added','01a1f7f8-8dc0-7000-8255-8cefd02756d2','6a3164e01dbd6ae0623cf2ac4afe00d7b4f7ec0fd73447a8c9c99cf5a2c9652b','0aa6674889ddc05f521302bcfb9536a6e155ee1e27f73f4afd649b2aa157f312','f7d1aa7f2ff9f65f9699527f33240230f4f8c8558c70c5618f4210f2ab12c0b2','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(10,'2026-11-20T08:00:31.000Z','nurse-1','client.added','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','80cfcdef0d2c21b3835b18e3e3015e4cf3bb4081835c9b1bd13b3a07fc3b2553','f7d1aa7f2ff9f65f9699527f33240230f4f8c8558c70c5618f4210f2ab12c0b2','f043b5787ed79fcc5fd0e108852cc6d5dcab28e317c231f55698546f2b465a48','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(11,'2026-11-20T08:00:35.000Z','nurse-1','client.added','01a1f7f8-ad00-7000-b2ee-5e5907d6374f','871bafb2888999493c9aab10e09e637b9a30e6c9af06b79f0cb023c839f3bc1e','f043b5787ed79fcc5fd0e108852cc6d5dcab28e317c231f55698546f2b465a48','818d27dbf6f3cb1df85065b45f47c92fb9555a115ad5c89e9dff09ac3eca4481','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(12,'2026-11-20T08:00:36.000Z','nurse-1','setting.changed','municipality','b789cd253587d7c9148409b44a8913fa6fd95fba660edb78e4bc03296b74f830','818d27dbf6f3cb1df85065b45f47c92fb9555a115ad5c89e9dff09ac3eca4481','c59570a26262fbf1d3e2f6c866c5b6e4c89f06df07cdbf383583c7180b349b87','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(13,'2026-11-20T08:00:39.000Z','nurse-1','episode.begun','01a1f7f8-c088-7000-8154-56cafa4a0f66','43338bdb570a87876a6da69bc55a95cc880b9ea7137b66d39ad8310313e259b2','c59570a26262fbf1d3e2f6c866c5b6e4c89f06df07cdbf383583c7180b349b87','f76ec790e4377f78bd634e938570bf105879da3c36a1a9bf3e61c37d73200b7b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(14,'2026-11-20T08:00:42.000Z','nurse-1','event.opened','01a1f7f8-cc40-7000-b9ef-bbaed4bb7ab8','5bb2cdc22111cf674b384d8983f1084517792d04486634d4c07912cf1b9e34d5','f76ec790e4377f78bd634e938570bf105879da3c36a1a9bf3e61c37d73200b7b','7cdd421c255b4d644bd9351c85e1f0a8631eaf4a618891759071b56fcf46d67f','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(15,'2026-11-20T08:00:45.000Z','nurse-1','event.closed','01a1f7f8-d7f8-7000-8040-d3501a9d3e09','a0287975c721719893715deb7b079196aceb86ab6d168a2d0e7eb44d8fe5f008','7cdd421c255b4d644bd9351c85e1f0a8631eaf4a618891759071b56fcf46d67f','f104f1f1cf0487a2bc2d34f0668dc6dd1a0276c82bf29d7d80d14a0336405d54','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(16,'2026-11-20T08:00:48.000Z','nurse-1','episode.begun','01a1f7f8-e3b0-7000-97f5-7ca9af668160','d36be216071b3630e3105d9a0e1ffc758cd61315eb8d9067f492e84c8cf91075','f104f1f1cf0487a2bc2d34f0668dc6dd1a0276c82bf29d7d80d14a0336405d54','b875d010341deea87af30459e1f648a0b75e14805919af77bb770f2e8c7ca504','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(17,'2026-11-20T08:00:51.000Z','nurse-1','event.opened','01a1f7f8-ef68-7000-9ffe-063a67e65a7b','d8e69fbcfe7b81fbfff7bb20b851b738e487d76b113c25a5cb5f68da90485a3c','b875d010341deea87af30459e1f648a0b75e14805919af77bb770f2e8c7ca504','58e49e1076e827df37f57e91714fc4af3436ac82ab1ce5a7b8c68284d4f927fb','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(18,'2026-11-20T08:00:54.000Z','nurse-1','pathway.kept','sha256:11aa','595fca53b35aa6cceb6e79356e66498af52564fd12c9741254023427d71ed6fc','58e49e1076e827df37f57e91714fc4af3436ac82ab1ce5a7b8c68284d4f927fb','d29cbe7c42fe77bc47f78728819c83fe6b1583d3036c2ff847292fab8b6a7f35','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(19,'2026-11-20T08:00:55.000Z','nurse-1','assessment.started','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','1970c135a6b5fd27789728cbf12b96164ceacaba207e43361b84716b39288287','d29cbe7c42fe77bc47f78728819c83fe6b1583d3036c2ff847292fab8b6a7f35','5a19b8f581743ff5c6f191a12f1891c3be9c44713581cb13ae6d3fb0c67312c1','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(20,'2026-11-20T08:00:57.000Z','nurse-1','attachment.made','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','82feedef2e04de6eb917bef9bdd5171154d4706a0b751f6de55172b9ea694b12','5a19b8f581743ff5c6f191a12f1891c3be9c44713581cb13ae6d3fb0c67312c1','dde79915d03c182535b410573b317d3693d3fea39d2500341db44aea60345fcf','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(21,'2026-11-20T08:01:00.000Z','nurse-1','answer.given','01a1f7f9-1290-7000-bd47-558d34520c57','0f6501b8ed4d226c4b4d24710339fc9f049a28a76f04761d7304bad1780f3b61','dde79915d03c182535b410573b317d3693d3fea39d2500341db44aea60345fcf','190f4cb143a1037b44bb0040e67f2fe180fd78540e7203005caf7ec428fe928b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(22,'2026-11-20T08:01:03.000Z','nurse-1','answer.corrected','01a1f7f9-1e48-7000-8a34-58b7d61a513e','a66f463b127139a2b841608dd39ba662dba38aad4dd623a48ecb2ed4f033fc3e','190f4cb143a1037b44bb0040e67f2fe180fd78540e7203005caf7ec428fe928b','f6a7dbfe1f0b2d8751f58bdb3bdd4745e301e12fa4d496f025dcf08e7e8ad70e','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(23,'2026-11-20T08:01:06.000Z','nurse-1','note.added','01a1f7f9-2a00-7000-9a42-2dcdb51ca9c4','9dfbba0a6c953e9be03c4fa3c9b90c2bb609a736bc62ee607a659e43e2aaa302','f6a7dbfe1f0b2d8751f58bdb3bdd4745e301e12fa4d496f025dcf08e7e8ad70e','d1221f3928d848c3b7dc5887cec12507b54b089d4fb3d94833c71ab6d08f5c39','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(24,'2026-11-20T08:01:09.000Z','nurse-1','safety.recorded','01a1f7f9-35b8-7000-91bd-f84bf5ec25ea','a9bb5ad40b0e6e502f28e5dcd2f27ccea5f81d82cd066d5cc7c7ec33358e5f42','d1221f3928d848c3b7dc5887cec12507b54b089d4fb3d94833c71ab6d08f5c39','f73e7a22366ee33abf77fc93825bfadda5c6bb9c69b9f81248683bf5d57d0dc8','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(25,'2026-11-20T08:01:12.000Z','nurse-1','decision.confirmed','01a1f7f9-4170-7000-9629-4cd5f3707904','b638549fef4928eb880e4f44488559dceee8eedfeee326245e9e7e5e3c78cc52','f73e7a22366ee33abf77fc93825bfadda5c6bb9c69b9f81248683bf5d57d0dc8','e02589051646eee751223fbf098727d06a1c32c739f5dd4691fd79f9b5d87a4e','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(26,'2026-11-20T08:01:16.000Z','nurse-1','event.measured','01a1f7f9-5110-7000-9706-65ad6bf5b19a','ee1258d1e774101ca670db6858bde7b92533e63e0c224cffa00433a3f2ff1d19','e02589051646eee751223fbf098727d06a1c32c739f5dd4691fd79f9b5d87a4e','4c0e34336c7b327ee046ed8cb715f4eff8e490ffe4de6959ef9a5d0af24e9281','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(27,'2026-11-20T08:01:19.000Z','nurse-1','event.need_established','01a1f7f9-5cc8-7000-b121-2ed38dd14073','6043e54c2906443822ed73eb9341ae4b0355d9adc28df041a66d1d7329385bdf','4c0e34336c7b327ee046ed8cb715f4eff8e490ffe4de6959ef9a5d0af24e9281','5afeeaf8d58c4fe2b067cd4e3fdaf99a0eb6bc36c5e60c2dc00ebb45ade30c75','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(28,'2026-11-20T08:01:22.000Z','nurse-1','event.next_contact','01a1f7f9-6880-7000-8589-48824ef3264d','ddcb2d93720d95945775d9aeca68d1d47e294171d2d49616fa5c8bf7b89d15bc','5afeeaf8d58c4fe2b067cd4e3fdaf99a0eb6bc36c5e60c2dc00ebb45ade30c75','9e122611735d6ea388d3a61c79b448c5e346d35bec63c1a2c2a1bf80fc516365','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(29,'2026-11-20T08:01:25.000Z','nurse-1','taking.noted','01a1f7f9-7438-7000-8744-23727d1cb514','1ee41e23972f1e3f8d7b81e11dd5bb735b5e36fa2f3bcef00c3adcbf036b1736','9e122611735d6ea388d3a61c79b448c5e346d35bec63c1a2c2a1bf80fc516365','b98a6ce799d0452a42e40cea0e61c008bff78c5d9b9809794684139a2a1fd811','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(30,'2026-11-20T08:01:28.000Z','nurse-1','episode.begun','01a1f7f9-7ff0-7000-9403-7b498f37e943','59216d06e9a8c7efb3b55a1e1b3512c6b8595ae03f6015a8a55702fa5dd7a48f','b98a6ce799d0452a42e40cea0e61c008bff78c5d9b9809794684139a2a1fd811','a97bf29e5e09ab042de680b548bf897fcc65530f8b40bcb6fbc90a29ecdf0c90','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(31,'2026-11-20T08:01:31.000Z','nurse-1','event.opened','01a1f7f9-8ba8-7000-bab1-f2a033b946d6','f8e2442ef91de60a1defa2258bedf42608a8026511435f573625952ada18cc0b','a97bf29e5e09ab042de680b548bf897fcc65530f8b40bcb6fbc90a29ecdf0c90','5c4840bb3343acdfde5403d27f4d1ec7e7420f7743aa9b2b704efa49c54e081f','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(32,'2026-11-20T08:01:34.000Z','nurse-1','event.need_established','01a1f7f9-9760-7000-850b-0593c35264cd','505ee9856dedd71570df3d065d46aa2894832c4068ea5d779679b23d249129f4','5c4840bb3343acdfde5403d27f4d1ec7e7420f7743aa9b2b704efa49c54e081f','8b1aa4665b34ca02682c7ec470117e843f9bb8ed70000c7296650355053f9819','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(33,'2026-11-20T08:01:37.000Z','nurse-1','move.made','01a1f7f9-a318-7000-8efb-67d591027fee','58cbb032e22cfef9eaca60713ebe46aaf1a4180fc4963e7703b938a117939cfc','8b1aa4665b34ca02682c7ec470117e843f9bb8ed70000c7296650355053f9819','0936d69a0696b4eadb50269ae5339cbf47351c2e148724ee4a64ac1753a4f772','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(34,'2026-11-20T08:01:40.000Z','nurse-1','assessment.started','01a1f7f9-aed0-7000-86f4-8e8039cd31d1','c8c7f73504ee159035d111f67510bf030a3a988972ab2bca1aac3d594921e1c6','0936d69a0696b4eadb50269ae5339cbf47351c2e148724ee4a64ac1753a4f772','27265207ccdca882888268b03af11d956179eb46d26de1649b77b1d4cb0570ad','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(35,'2026-11-20T08:01:42.000Z','nurse-1','closing.abandoned','01a1f7f9-aed0-7000-86f4-8e8039cd31d1','34002b360a4a45dc49dca2408c1aa214f07eccf4051d680ef23258f007559e72','27265207ccdca882888268b03af11d956179eb46d26de1649b77b1d4cb0570ad','1473b1bdd86b15675930248ad8ebff402d2bef25a67f9d024a6404254c28a01d','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(36,'2026-11-20T08:01:45.000Z','nurse-1','assessment.started','01a1f7f9-c258-7000-94af-badf97385b7c','9ddb2f8e21fce22dfc061b163ef2c5520cdbebb51b8a668c076901f1b5476ad4','1473b1bdd86b15675930248ad8ebff402d2bef25a67f9d024a6404254c28a01d','64aaef2d2b7191566bf338a8bcf3a34d4d25b0122b256ad0f43204a4a31c62c0','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(37,'2026-11-20T08:01:48.000Z','nurse-1','answer.given','01a1f7f9-ce10-7000-82b6-b097be82df94','2a2733bcd368e0f176ff806ef8589e4ef6528bb42e45d683d78a50cd934b1dab','64aaef2d2b7191566bf338a8bcf3a34d4d25b0122b256ad0f43204a4a31c62c0','1ba6001529898eed2fd385bd552a3dec929dfa5f64bb0b1e6be1f7c0dd086ff9','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(38,'2026-11-20T08:01:51.000Z','nurse-1','assessment.started','01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56','bbc084ee4368df527356a732ac64df55dfef8ebbf7bc61220dc0dd814f048319','1ba6001529898eed2fd385bd552a3dec929dfa5f64bb0b1e6be1f7c0dd086ff9','b77565f9365f4f87ea66ab910f6668c9d62d226af9b38455daf9038d84766544','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(39,'2026-11-20T08:01:53.000Z','nurse-1','attachment.made','01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56','8a3b47acb21122d2a82893c6e9d037efe65e9b6920c6d8212d2656c37a7992c9','b77565f9365f4f87ea66ab910f6668c9d62d226af9b38455daf9038d84766544','5a12d43e9c586eaef39101fd94c6ec3eae000cc134e91ce2c64ac4f7a46c772b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(40,'2026-11-20T08:01:56.000Z','nurse-1','assessment.started','01a1f7f9-ed50-7000-b287-f0f4848f2202','ad31ca3c67173c7c8b62cfc961463074f71f2c68c51d436fece5ffaefdd4b9fb','5a12d43e9c586eaef39101fd94c6ec3eae000cc134e91ce2c64ac4f7a46c772b','b4113a12054218203458d643e8a292320e0b409ef06aae7fe1fde900e81a7e5e','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(41,'2026-11-20T08:01:59.000Z','nurse-1','answer.given','01a1f7f9-f908-7000-8335-ed36e454c879','54def0c41742311d489a2412b645668ff20d28db699cc0b3508b1a2a69dc9dad','b4113a12054218203458d643e8a292320e0b409ef06aae7fe1fde900e81a7e5e','e19f88320365899955fd025effb48e386503aeaf9d2bd802419914242923fb84','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(42,'2026-11-20T08:02:02.000Z','nurse-1','decision.confirmed','01a1f7fa-04c0-7000-92c9-8ddb0adfaee1','4e9455c0197d9124aa0adc289b7447d9a776421cefd6c618888b0158f2ea5bc3','e19f88320365899955fd025effb48e386503aeaf9d2bd802419914242923fb84','d7ea3293c30d055a0846f52937a2993cba9e51317f1bdc7b83d8eeedd57a0fa5','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(43,'2026-11-20T08:02:05.000Z','nurse-1','taking.noted','01a1f7fa-1078-7000-a61c-fa3c79667368','ce17f52f81cfc76cf07158db4de27a9b879972c79ec88ec88173852da8bfa74b','d7ea3293c30d055a0846f52937a2993cba9e51317f1bdc7b83d8eeedd57a0fa5','cb8f921cf3e46f9d4d91102de6caddbdfd3589c890da0c483f396555b5c03104','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(44,'2026-11-20T08:02:09.000Z','nurse-1','client.added','01a1f7fa-1c30-7000-801b-1b7db34beafb','9b691e6a4da2d52e67c17d0f659984bf389aee2a4bd2d7b461264f3b34bb95d5','cb8f921cf3e46f9d4d91102de6caddbdfd3589c890da0c483f396555b5c03104','45e67fffe1f5868eecc951da39f70160c7a4d6118c897ebfafea2f5f0460eb08','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(45,'2026-11-20T08:02:12.000Z','nurse-1','correction.made','01a1f7fa-2bd0-7000-97c9-fbb95496ebb2','2dff4d2464b41f92e4142f0d31e84f23aec3fb20bfcd5d5f5af3e417b319d1ab','45e67fffe1f5868eecc951da39f70160c7a4d6118c897ebfafea2f5f0460eb08','dd1d710ff4b44377c75b4dd626c70efbaf4bac57f17f56dd6ffe98f6f53e4f1b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(46,'2026-11-20T08:02:15.000Z','nurse-1','assessment.started','01a1f7fa-3788-7000-8712-4c86a756ecdf','d01a83919604d6f4ccd4a62827d368231e2dbb276c97ad9a8f55a2f65aae7eb6','dd1d710ff4b44377c75b4dd626c70efbaf4bac57f17f56dd6ffe98f6f53e4f1b','569275af560c5ba50db48ca8e3db818d6a6923afee0d6deae44338b8ae561a4b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(47,'2026-11-20T08:02:18.000Z','nurse-1','correction.made','01a1f7fa-4340-7000-84fe-313096831b1c','4a0f268bc3c80164545d984f02309ecceaf7c02a5eee18836c989c4a08e77b29','569275af560c5ba50db48ca8e3db818d6a6923afee0d6deae44338b8ae561a4b','cdcdf4c4d2dab9a8547266dbb00c36aa42208d8e39c86c61191dfc185556ebed','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(48,'2026-11-20T08:02:21.000Z','nurse-1','belonging.moved','01a1f7fa-4ef8-7000-aea9-bce65c0f0ae8','c7f2e450389bfc71578b8e4f4c967cf8ab1a6e3431760e17e4b3ea81fb4d2edd','cdcdf4c4d2dab9a8547266dbb00c36aa42208d8e39c86c61191dfc185556ebed','82da79335cf797dfa28428c4a1a84e1ab2c7e5e48a862ecbe4dcaa735688b1b0','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(49,'2026-11-20T08:02:24.000Z','nurse-1','belonging.attached','01a1f7fa-5e98-7000-ac15-0f44386ec51b','1af0e06f6c98a63a134c504752d77a95a98a222decc1333009261736fe8e07b8','82da79335cf797dfa28428c4a1a84e1ab2c7e5e48a862ecbe4dcaa735688b1b0','27d62ef0323937b00d5acecdc89b3346cea2e5cf054980fbf8dc9b88ae3ab3f1','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(50,'2026-11-20T08:02:28.000Z','nurse-1','belonging.wrong_client','01a1f7fa-6a50-7000-89eb-162fb86642a8','61a5a350262d108eb6412066d15e18b5d33c665bd11c3f01d019af5be1236c34','27d62ef0323937b00d5acecdc89b3346cea2e5cf054980fbf8dc9b88ae3ab3f1','4aded97c74d55e580eba33f9b346abc4610363da1ef2befdc02238c44c16da4a','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(51,'2026-11-20T08:02:31.000Z','nurse-1','joining.made','01a1f7fa-7608-7000-a481-147ae1f12534','5900be3c556c74051de64a0ec36191d5d94c17504f5d4fd21f3f34a4d6e3f2ae','4aded97c74d55e580eba33f9b346abc4610363da1ef2befdc02238c44c16da4a','db14b8c73caba4b3e43f9a4c4a004c582a51325d48ee44bd7f55016a6d702d87','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(52,'2026-11-20T08:02:35.000Z','nurse-1','purge.erased','01a1f7fa-85a8-7000-aa75-c7f7da177b59','d76ded690c6d289217fdf93bc1472680a35732a853ae4d3b527de14c4a1e4982','db14b8c73caba4b3e43f9a4c4a004c582a51325d48ee44bd7f55016a6d702d87','e7c2b73d9acdb0a5c6fc2a2d28f5af6aaf46cea957159a4da6e057c04686627b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(53,'2026-11-21T08:00:04.000Z','nurse-1','setting.changed','head.kept','0dfcbac1dd077ed9d45a8f884c63d57e13ea6b8697b3f94ddec1f54cdc330cae','e7c2b73d9acdb0a5c6fc2a2d28f5af6aaf46cea957159a4da6e057c04686627b','5bc9ac7b26e208573d401815b4d960856ed8c9992b75b795bea84197251716ab','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(54,'2026-11-21T08:00:05.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-b795-892bd45312b8','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','5bc9ac7b26e208573d401815b4d960856ed8c9992b75b795bea84197251716ab','f4d7c35646bd3c84356e97096f2f273a7813ac5ec2ef8a3e4c649f3dade8fa56','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(55,'2026-11-21T08:00:09.000Z','nurse-1','client.added','01a1fd1e-a370-7000-80f0-19e50e891a14','70fb12c105e8b1e9d18044f895cfe123644b9b19783d1d5191b23b6b7398bbbd','f4d7c35646bd3c84356e97096f2f273a7813ac5ec2ef8a3e4c649f3dade8fa56','12cf3b97bdb45e5a395edc72fcb49d6aeecce70e6549ee40ee5234b57fbb73ba','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(56,'2026-11-21T08:00:12.000Z','nurse-1','pathway.kept','41d92e939d898a722495132ab186fbd4d175f7e328ce29deabeb66db6cc6ea61','52d9c844f9307c5af56a3d00b9213d2f4c5528ffe1448518b9fabd040f6c6dfc','12cf3b97bdb45e5a395edc72fcb49d6aeecce70e6549ee40ee5234b57fbb73ba','c65b8b47995813dec05ced70ed13f96e9e129d99d323b34ab3c8124389afd844','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(57,'2026-11-21T08:00:13.000Z','nurse-1','assessment.started','01a1fd1e-b310-7000-83f2-10e9cc9ff658','298af9ff426550c79a6f6f237c1c742267e370dd8f13ef9aa1141bead42f490a','c65b8b47995813dec05ced70ed13f96e9e129d99d323b34ab3c8124389afd844','a95ca51c70933ec8abce6057c681bdea381bb978f9ccb3621a44bf5a47bb397b','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(58,'2026-11-21T08:00:16.000Z','nurse-1','answer.given','01a1fd1e-c2b0-7000-88f6-382cedf2a3b0','606cccaf123b1b93fea0809ab7f25e74b3ba64005e9c56a69dd3fa8e98fd1d47','a95ca51c70933ec8abce6057c681bdea381bb978f9ccb3621a44bf5a47bb397b','560e7673a7b978acc2ca257c6cfa5583935932da7b64baf7731df8d52a2cfecf','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(59,'2026-11-21T08:00:19.000Z','nurse-1','answer.given','01a1fd1e-ce68-7000-8d86-fc9ce6f3dd71','18bdeda1155f2b391997753042df6b011f91a149dd40817566ebccbef61a18a8','560e7673a7b978acc2ca257c6cfa5583935932da7b64baf7731df8d52a2cfecf','b15fe47150c2f260ef9a6ed08b10005fd50c9713b9dd45c9c570b1478ef9079c','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(60,'2026-11-21T08:00:22.000Z','nurse-1','answer.given','01a1fd1e-da20-7000-b2a2-95b569c13748','d23d851a0c91070b56bdf050ff57f52bb8533029046ea3bddbca30611aa1b1e7','b15fe47150c2f260ef9a6ed08b10005fd50c9713b9dd45c9c570b1478ef9079c','96dab80a4eb9178d9925df3accc73cd5b2bac09aea2b6fe69378f73e1e57faa6','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(61,'2026-11-21T08:00:25.000Z','nurse-1','safety.recorded','01a1fd1e-e5d8-7000-a91b-a56e14e55b06','32f9a31365ea5d84b14b71dfc4ea91230c4d8aea97a7ba67a8a988f32a952fc3','96dab80a4eb9178d9925df3accc73cd5b2bac09aea2b6fe69378f73e1e57faa6','7cf67b3b34873b718306dd809191908e1369fcac3cac59dcbbb258393f84664b','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(62,'2026-11-21T08:00:28.000Z','nurse-1','safety.recorded','01a1fd1e-f190-7000-955f-165f998a1293','dc7249c30191b00cd351a6456f3df8ae54ebb3e41b167a05e8dadcce3a93cc75','7cf67b3b34873b718306dd809191908e1369fcac3cac59dcbbb258393f84664b','20cdc2f505195beb80f716f70ef95fcbf35041861cd7d589f31a41ea4c13e750','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(63,'2026-11-21T08:00:32.000Z','nurse-1','episode.begun','01a1fd1f-0130-7000-b40f-777f12d7f426','a6fe51a5f14d2a7bda39d7afae3f1d35fbe90dcc9e60f47be34d29504d27e316','20cdc2f505195beb80f716f70ef95fcbf35041861cd7d589f31a41ea4c13e750','98e08adae940a5695874eaea8452e34cc15a65a5755255c6eb4d04e12bb4b660','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(64,'2026-11-21T08:00:37.000Z','nurse-1','event.opened','01a1fd1f-0ce8-7000-ac77-25e843cb1617','563f87065ca83c4002876840f00a317d42cd61d5068c7cfae58de3a54d528287','98e08adae940a5695874eaea8452e34cc15a65a5755255c6eb4d04e12bb4b660','c57a7ca8a91722cc6abd1e85f0d9863bd56b3678676d4da798f9ec890f62c3b1','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(65,'2026-11-21T08:00:40.000Z','nurse-1','attachment.made','01a1fd1e-b310-7000-83f2-10e9cc9ff658','ccc2d7804c93c0709c057d5890a7a30ee0077efd0791043f5c0f7ccc3dcd895e','c57a7ca8a91722cc6abd1e85f0d9863bd56b3678676d4da798f9ec890f62c3b1','4f10c926942bf8c1c2479d9a95a0ebb271b3a3866ce8ab5dc9d160f58ff154d3','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(66,'2026-11-21T08:00:46.000Z','nurse-1','event.next_contact','01a1fd1f-3010-7000-a7b0-6ac7ae2f175d','395e6140c95532bace4bb3f08096fd8be2e27bd8451e4e786ec51ee1bc179df7','4f10c926942bf8c1c2479d9a95a0ebb271b3a3866ce8ab5dc9d160f58ff154d3','4d0f7603be4f05bf84c218572d58412aa0bf77a1cc151aa2a8b32ed152f63694','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(67,'2026-11-21T08:00:50.000Z','nurse-1','decision.confirmed','01a1fd1f-4398-7000-ba5a-242e1c34f179','1527f31d09b4a5d9136f775666d2e7363817548fbf033b8ab167b9c4e5af0cc4','4d0f7603be4f05bf84c218572d58412aa0bf77a1cc151aa2a8b32ed152f63694','7c0a5ee5af6ed945c9417489004d7e8acf5db5fab3b0101b8d851119c58292d1','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(68,'2026-11-21T08:00:55.000Z','nurse-1','event.measured','01a1fd1f-5720-7000-bd74-cf8d7a36839d','dd7024026f3278c9bdeaaafd4e4112c6cfda7e46afd7f413d86e01a20e2ffc2a','7c0a5ee5af6ed945c9417489004d7e8acf5db5fab3b0101b8d851119c58292d1','22b3de20613d922857c5554030296f6202958a191b5584bc49505ba49e61bbfd','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(69,'2026-11-21T08:00:58.000Z','nurse-1','assessment.started','01a1fd1f-66c0-7000-8b68-c3ec7c5818cc','c098a2d59ca4c66ef6b85fa698972b385cc66a02e11e68a064b59134e7173c0b','22b3de20613d922857c5554030296f6202958a191b5584bc49505ba49e61bbfd','7eaeecbad0ecbf12b15b1406813e6423cb1a26356ebcdf372e6f411989329f3b','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(70,'2026-11-21T08:01:01.000Z','nurse-1','answer.given','01a1fd1f-7278-7000-96a4-bf5940eb59eb','764c1ba6a85d196724b77dd8d7cabe19189cc87d157c8b8f75e17f6d2a1c4b4a','7eaeecbad0ecbf12b15b1406813e6423cb1a26356ebcdf372e6f411989329f3b','47a8c377c1966ab83f84becd1d2eb9e150a5caeada8f3b0c2cc1a1718eba5935','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(71,'2026-11-23T08:00:12.000Z','nurse-1','head.lost','missing','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','47a8c377c1966ab83f84becd1d2eb9e150a5caeada8f3b0c2cc1a1718eba5935','6cb0315301b9c092c24886560cb318d889a103cfa47cbc33416bb0758bc24a99','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(72,'2026-11-23T08:00:15.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-b795-892bd45312b8','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','6cb0315301b9c092c24886560cb318d889a103cfa47cbc33416bb0758bc24a99','3844046de54d64cc4b6151e655cf483cbe3d9d7fc317b8d66aaf85537ffadbed','root',NULL,'0.1.0');
INSERT INTO "audit" VALUES(73,'2026-11-23T08:00:24.000Z','nurse-1','safety.recorded','01a2076b-8a50-7000-a84c-88c924df0ea6','f0706e2d4428518804a3516e1f8cdd95a84bfc9f35f1acf7cd77a8163620a9cd','3844046de54d64cc4b6151e655cf483cbe3d9d7fc317b8d66aaf85537ffadbed','780834cd7eb1125bf797fe7049eeae5cf97e618f2192e6ffabf214878522cf2a','root',NULL,'0.1.0');
CREATE TABLE client_corrections (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    birth_year INTEGER CHECK (birth_year BETWEEN 1900 AND 2099),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    why TEXT NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16)
) STRICT;
INSERT INTO "client_corrections" VALUES('01a1f7fa-2bd0-7000-97c9-fbb95496ebb2','01a1f7fa-1c30-7000-801b-1b7db34beafb',NULL,NULL,'fi',NULL,'not told on the phone','2026-11-20T08:02:11.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','9vY0cutgcprNq0pt');
INSERT INTO "client_corrections" VALUES('01a1f7fa-4340-7000-84fe-313096831b1c','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c',2010,'x','fi','asikkala','typed wrong','2026-11-20T08:02:17.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','66aFmL1NaKh07scT');
CREATE TABLE client_joins (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    stands TEXT REFERENCES clients (id),
    why TEXT NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16),
    CHECK (client IS NOT stands)
) STRICT;
INSERT INTO "client_joins" VALUES('01a1f7fa-7608-7000-a481-147ae1f12534','01a1f7fa-1c30-7000-801b-1b7db34beafb','01a1f7f8-7e20-7000-a4ca-34d47d787546','the same person','2026-11-20T08:02:30.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','WKYHnoF_OjUhavsc');
CREATE TABLE client_units (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "client_units" VALUES('01a1f7f9-a318-7000-8efb-67d591027fee','01a1f7f8-8dc0-7000-8255-8cefd02756d2','Lahden sote-keskus','2026-11-20T08:01:36.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','_CG4r0gEoCjLv-pR');
CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "clients" VALUES('01a1f7f8-7e20-7000-a4ca-34d47d787546','TREENAAM',1980,'f','fi','hollola','2026-11-20T08:00:22.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','Lu6OLSEkoGo-H8zQ');
INSERT INTO "clients" VALUES('01a1f7f8-8dc0-7000-8255-8cefd02756d2','TREENABK',1990,NULL,'sv',NULL,'2026-11-20T08:00:26.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','lkavfnUyZIUDPHZh');
INSERT INTO "clients" VALUES('01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','TREENACR',2006,NULL,'fi','asikkala','2026-11-20T08:00:30.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','Xj3b6OlAjcs1KZJs');
INSERT INTO "clients" VALUES('01a1f7fa-1c30-7000-801b-1b7db34beafb','HNSTG43Y',2100,NULL,'fi',NULL,'2026-11-20T08:02:08.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','WZqhcDb6R-Da_WmJ');
INSERT INTO "clients" VALUES('01a1fd1e-a370-7000-80f0-19e50e891a14','GL7TF9NE',1980,NULL,'fi',NULL,'2026-11-21T08:00:08.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','lgWv2YWMwNDl3eVq');
CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "closings" VALUES('01a1f7f9-aed0-7000-86f4-8e8039cd31d1','abandoned','client left','2026-11-20T08:01:41.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','_kNZ1XxrDbjW3isx');
CREATE TABLE decisions (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL UNIQUE REFERENCES assessments (id),
    decision TEXT NOT NULL CHECK (json_valid(decision)),
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    reason_text TEXT CHECK (length(reason_text) <= 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id), salt TEXT CHECK (length(salt) = 16),
    CHECK (confirmed_step IS suggested_step OR reason_code IS NOT NULL)
) STRICT;
INSERT INTO "decisions" VALUES('01a1f7f9-4170-7000-9629-4cd5f3707904','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','{"decision": {"scores": {"phq9.total": 14}}}',1,1,NULL,NULL,'2026-11-20T08:01:11.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','kEq54660x5AnJxz9');
INSERT INTO "decisions" VALUES('01a1fd1f-4398-7000-ba5a-242e1c34f179','01a1fd1e-b310-7000-83f2-10e9cc9ff658','{"decision": {"elsewhere": []}}',0,0,NULL,NULL,'2026-11-21T08:00:48.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','6AA0M-YOf54nRAp6');
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id)
) STRICT;
INSERT INTO "drafts" VALUES('01a1f7f9-c258-7000-94af-badf97385b7c');
INSERT INTO "drafts" VALUES('01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56');
INSERT INTO "drafts" VALUES('01a1f7fa-3788-7000-8712-4c86a756ecdf');
INSERT INTO "drafts" VALUES('01a1fd1f-66c0-7000-8b68-c3ec7c5818cc');
CREATE TABLE episode_assessments (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "episode_assessments" VALUES('01a1f7f8-fb20-7000-8153-80bb1d0b67b2','01a1f7f8-e3b0-7000-97f5-7ca9af668160','2026-11-20T08:00:56.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','z6dglINBdeoJHgce');
INSERT INTO "episode_assessments" VALUES('01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56','01a1f7f9-7ff0-7000-9403-7b498f37e943','2026-11-20T08:01:52.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','XohlhvGrn57DtrN-');
INSERT INTO "episode_assessments" VALUES('01a1fd1e-b310-7000-83f2-10e9cc9ff658','01a1fd1f-0130-7000-b40f-777f12d7f426','2026-11-21T08:00:39.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','8xXG0MJD582wrwPt');
CREATE TABLE episode_events (
    id TEXT PRIMARY KEY NOT NULL,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    event TEXT NOT NULL CHECK (json_valid(event)),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE, salt TEXT CHECK (length(salt) = 16),
    UNIQUE (episode_id, seq),
    UNIQUE (episode_id, id),
    FOREIGN KEY (episode_id, supersedes) REFERENCES episode_events (episode_id, id),
    CHECK (kind IS json_extract(event, '$.kind') AND day IS json_extract(event, '$.day'))
) STRICT;
INSERT INTO "episode_events" VALUES('01a1f7f8-cc40-7000-b9ef-bbaed4bb7ab8','01a1f7f8-c088-7000-8154-56cafa4a0f66',1,'opened','2026-06-01','{"day":"2026-06-01","kind":"opened"}','2026-11-20T08:00:41.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'RqI_PApcm3Q59ojg');
INSERT INTO "episode_events" VALUES('01a1f7f8-d7f8-7000-8040-d3501a9d3e09','01a1f7f8-c088-7000-8154-56cafa4a0f66',2,'closed','2026-09-01','{"day":"2026-09-01","kind":"closed","how":"recovered"}','2026-11-20T08:00:44.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'lGLq4uzcfP2ogZms');
INSERT INTO "episode_events" VALUES('01a1f7f8-ef68-7000-9ffe-063a67e65a7b','01a1f7f8-e3b0-7000-97f5-7ca9af668160',1,'opened','2026-11-01','{"day":"2026-11-01","kind":"opened"}','2026-11-20T08:00:50.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'SNdbZJgA0fjs-7o0');
INSERT INTO "episode_events" VALUES('01a1f7f9-5110-7000-9706-65ad6bf5b19a','01a1f7f8-e3b0-7000-97f5-7ca9af668160',2,'measured','2026-11-20','{"day":"2026-11-20","kind":"measured","assessment":"01a1f7f8-fb20-7000-8153-80bb1d0b67b2","step":1,"scores":{"phq9.total":14}}','2026-11-20T08:01:15.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'HE66UBR6CrwOJLPe');
INSERT INTO "episode_events" VALUES('01a1f7f9-5cc8-7000-b121-2ed38dd14073','01a1f7f8-e3b0-7000-97f5-7ca9af668160',3,'need_established','2026-11-20','{"day":"2026-11-20","kind":"need_established"}','2026-11-20T08:01:18.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'tLGpboTX3Govu3XF');
INSERT INTO "episode_events" VALUES('01a1f7f9-6880-7000-8589-48824ef3264d','01a1f7f8-e3b0-7000-97f5-7ca9af668160',4,'next_contact','2026-11-20','{"day":"2026-11-20","kind":"next_contact","due":"2026-11-21"}','2026-11-20T08:01:21.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'X-u8mmHEnRBrxbge');
INSERT INTO "episode_events" VALUES('01a1f7f9-8ba8-7000-bab1-f2a033b946d6','01a1f7f9-7ff0-7000-9403-7b498f37e943',1,'opened','2026-11-02','{"day":"2026-11-02","kind":"opened"}','2026-11-20T08:01:30.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'dQFwODru-G_eA2fh');
INSERT INTO "episode_events" VALUES('01a1f7f9-9760-7000-850b-0593c35264cd','01a1f7f9-7ff0-7000-9403-7b498f37e943',2,'need_established','2026-11-02','{"day":"2026-11-02","kind":"need_established"}','2026-11-20T08:01:33.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'RluMY6gnDHsbT641');
INSERT INTO "episode_events" VALUES('01a1fd1f-0ce8-7000-ac77-25e843cb1617','01a1fd1f-0130-7000-b40f-777f12d7f426',1,'opened','2026-11-21','{"day":"2026-11-21","kind":"opened"}','2026-11-21T08:00:36.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'k_oK8YL5D0ITjbRM');
INSERT INTO "episode_events" VALUES('01a1fd1f-3010-7000-a7b0-6ac7ae2f175d','01a1fd1f-0130-7000-b40f-777f12d7f426',2,'next_contact','2026-11-21','{"day":"2026-11-21","kind":"next_contact","due":"2026-11-24","time":"09:30","role":"nurse","by":"2026-11-28","safety":"01a1fd1e-f190-7000-955f-165f998a1293"}','2026-11-21T08:00:45.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'QqouhcDTppoiQ7uy');
INSERT INTO "episode_events" VALUES('01a1fd1f-5720-7000-bd74-cf8d7a36839d','01a1fd1f-0130-7000-b40f-777f12d7f426',3,'measured','2026-11-21','{"day":"2026-11-21","kind":"measured","assessment":"01a1fd1e-b310-7000-83f2-10e9cc9ff658","step":0,"scores":{}}','2026-11-21T08:00:54.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL,'y2LlYK09rmGEtyes');
CREATE TABLE episodes (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "episodes" VALUES('01a1f7f8-c088-7000-8154-56cafa4a0f66',1,'01a1f7f8-8dc0-7000-8255-8cefd02756d2','2026-11-20T08:00:38.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','EWvGL2OiI3qghYV8');
INSERT INTO "episodes" VALUES('01a1f7f8-e3b0-7000-97f5-7ca9af668160',2,'01a1f7f8-7e20-7000-a4ca-34d47d787546','2026-11-20T08:00:47.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','FcpwNJvy4Xu32rkA');
INSERT INTO "episodes" VALUES('01a1f7f9-7ff0-7000-9403-7b498f37e943',3,'01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','2026-11-20T08:01:27.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','wifrMmQwTuFzErqG');
INSERT INTO "episodes" VALUES('01a1fd1f-0130-7000-b40f-777f12d7f426',4,'01a1fd1e-a370-7000-80f0-19e50e891a14','2026-11-21T08:00:31.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','ASHKcEdLmqS_kfM_');
CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "notes" VALUES('01a1f7f9-2a00-7000-9a42-2dcdb51ca9c4','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','q1','tired','2026-11-20T08:01:05.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','4cvjENadXwOd5HWo');
CREATE TABLE open_stops (
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('week', 'same_day', 'emergency')),
    floor INTEGER CHECK (floor >= 0),
    since TEXT NOT NULL CHECK (since GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    PRIMARY KEY (assessment_id, stop)
) STRICT;
INSERT INTO "open_stops" VALUES('01a1f7f9-c258-7000-94af-badf97385b7c','pathway:unread','emergency',4,'2026-11-20T08:01:44.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
INSERT INTO "open_stops" VALUES('01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56','pathway:unread','emergency',4,'2026-11-20T08:01:50.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
INSERT INTO "open_stops" VALUES('01a1f7fa-3788-7000-8712-4c86a756ecdf','pathway:unread','emergency',4,'2026-11-20T08:02:14.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
INSERT INTO "open_stops" VALUES('01a1fd1f-66c0-7000-8b68-c3ec7c5818cc','R1','emergency',NULL,'2026-11-21T08:01:00.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
CREATE TABLE pathways (
    digest TEXT PRIMARY KEY NOT NULL,
    pathway_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files))
) STRICT;
INSERT INTO "pathways" VALUES('sha256:11aa','adult','1.0.0','{"rules.toml": "id = ''ä''"}');
INSERT INTO "pathways" VALUES('41d92e939d898a722495132ab186fbd4d175f7e328ce29deabeb66db6cc6ea61','small','1','{"cards/suicide_acute.toml": "id = \"suicide_acute\"\nlevel = \"E\"\ntitle = { en = \"danger\", fi = \"danger (fi)\" }\nlead = { en = \"act now\", fi = \"act now (fi)\" }\nnumbers = [ { number = \"112\", label = { en = \"emergency\", fi = \"emergency (fi)\" } } ]\nsource = \"test\"\nbasis = \"local\"\n\n[[steps]]\nid = \"stay\"\ntext = { en = \"stay\", fi = \"stay (fi)\" }\n\n[[steps]]\nid = \"call\"\ntext = { en = \"call\", fi = \"call (fi)\" }\n", "examples.toml": "[[example]]\nid = \"well\"\ntitle = { en = \"well\", fi = \"well (fi)\" }\nanswers = { danger = false, \"mood.1\" = 0, \"mood.2\" = 0 }\nexpect = { status = \"suggested\", step = 0 }\n", "instruments/mood.toml": "id = \"mood\"\nversion = \"1\"\nname = \"MOOD\"\ntitle = { en = \"mood\", fi = \"mood (fi)\" }\nstem = { en = \"lately\", fi = \"lately (fi)\" }\nwindow = { en = \"two weeks\", fi = \"two weeks (fi)\" }\nsource = \"test\"\nlicence = \"free\"\noptions = [\n  { score = 0, label = { en = \"no\", fi = \"no (fi)\" } },\n  { score = 1, label = { en = \"some\", fi = \"some (fi)\" } },\n  { score = 2, label = { en = \"much\", fi = \"much (fi)\" } },\n]\n\n[wording.en]\nstatus = \"published\"\nsource = \"test\"\n\n[wording.fi]\nstatus = \"working\"\nsource = \"test\"\n\n[[item]]\nid = \"1\"\ntext = { en = \"sad\", fi = \"sad (fi)\" }\nlabel = { en = \"sadness\", fi = \"sadness (fi)\" }\n\n[[item]]\nid = \"2\"\ntext = { en = \"tired\", fi = \"tired (fi)\" }\nlabel = { en = \"tiredness\", fi = \"tiredness (fi)\" }\n\n[[total]]\nid = \"total\"\nlabel = { en = \"mood total\", fi = \"mood total (fi)\" }\nbands = [ { from = 0, label = { en = \"low\", fi = \"low (fi)\" } }, { from = 2, label = { en = \"high\", fi = \"high (fi)\" } } ]\nsource = \"test\"\n", "interventions.toml": "[[intervention]]\nid = \"talk\"\nsteps = [0, 1]\ntitle = { en = \"talk\", fi = \"talk (fi)\" }\nsummary = { en = \"a talk\", fi = \"a talk (fi)\" }\ndose = { en = \"once\", fi = \"once (fi)\" }\ndelivered_by = { en = \"nurse\", fi = \"nurse (fi)\" }\nfollow_up = { en = \"none\", fi = \"none (fi)\" }\nsource = \"test\"\nbasis = \"local\"\n\n[[intervention.suits]]\nwhen = \"mood.total >= 1\"\nbecause = { en = \"mood is low\", fi = \"mood is low (fi)\" }\n\n[[intervention.excluded_if]]\nwhen = \"weeks >= 50\"\nbecause = { en = \"too long\", fi = \"too long (fi)\" }\n", "pathway.toml": "id = \"small\"\nversion = \"1\"\nstatus = \"draft\"\nowner = \"test\"\nchange_note = \"first\"\nlanguages = [\"en\", \"fi\"]\nages = { from = 18, to = 99 }\ntitle = { en = \"small\", fi = \"small (fi)\" }\nemergency_cards = [\"suicide_acute\"]\n\n[[step]]\nnumber = 0\nname = { en = \"watch\", fi = \"watch (fi)\" }\nsummary = { en = \"wait and see\", fi = \"wait and see (fi)\" }\n\n[[step]]\nnumber = 1\nname = { en = \"help\", fi = \"help (fi)\" }\nsummary = { en = \"guided help\", fi = \"guided help (fi)\" }\n\n[[section]]\nid = \"first\"\ntitle = { en = \"first\", fi = \"first (fi)\" }\n\n[[action]]\nid = \"doctor\"\ntitle = { en = \"see a doctor\", fi = \"see a doctor (fi)\" }\n", "questions.toml": "[[given]]\nid = \"client.age\"\ntype = \"integer\"\nmin = 18\nmax = 99\nlabel = { en = \"age\", fi = \"age (fi)\" }\n\n[[ask]]\nid = \"danger\"\nsection = \"first\"\ntype = \"yesno\"\nrequired = true\nworse = \"yes\"\ntext = { en = \"danger?\", fi = \"danger? (fi)\" }\nlabel = { en = \"danger\", fi = \"danger (fi)\" }\nsource = \"own words\"\nbasis = \"local\"\n\n[[ask]]\ninstrument = \"mood\"\nsection = \"first\"\nrequired = true\n\n[[ask]]\nid = \"weeks\"\nsection = \"first\"\ntype = \"integer\"\nmin = 0\nmax = 52\nworse = \"up\"\nask_if = \"mood.total >= 1\"\ntext = { en = \"how long?\", fi = \"how long? (fi)\" }\nlabel = { en = \"weeks\", fi = \"weeks (fi)\" }\nsource = \"own words\"\nbasis = \"local\"\n", "rules.toml": "[[fact]]\nid = \"low\"\nwhen = \"mood.total >= 2\"\nlabel = { en = \"low mood\", fi = \"low mood (fi)\" }\n\n[[rule]]\nid = \"R1\"\nwhen = \"danger\"\nstop = \"emergency\"\ncards = [{ card = \"suicide_acute\" }]\nbecause = { en = \"danger\", fi = \"danger (fi)\" }\nsource = \"test\"\nbasis = \"local\"\n\n[[rule]]\nid = \"R2\"\nwhen = \"low and weeks >= 4\"\nat_least = 1\nbecause = { en = \"low for long\", fi = \"low for long (fi)\" }\nsource = \"test\"\nbasis = \"local\"\n\n[[rule]]\nid = \"R3\"\nwhen = \"mood.total >= 3\"\nadd = [\"doctor\"]\nbecause = { en = \"very low\", fi = \"very low (fi)\" }\nsource = \"test\"\nbasis = \"local\"\n"}');
CREATE TABLE purged (
    word TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    purge_id TEXT NOT NULL REFERENCES purges (id),
    PRIMARY KEY (word, subject)
) STRICT;
INSERT INTO "purged" VALUES('taking','01a1f7fa-1078-7000-a61c-fa3c79667368','ce17f52f81cfc76cf07158db4de27a9b879972c79ec88ec88173852da8bfa74b','01a1f7fa-85a8-7000-aa75-c7f7da177b59');
INSERT INTO "purged" VALUES('assessment','01a1f7f9-ed50-7000-b287-f0f4848f2202','ad31ca3c67173c7c8b62cfc961463074f71f2c68c51d436fece5ffaefdd4b9fb','01a1f7fa-85a8-7000-aa75-c7f7da177b59');
INSERT INTO "purged" VALUES('decision','01a1f7fa-04c0-7000-92c9-8ddb0adfaee1','4e9455c0197d9124aa0adc289b7447d9a776421cefd6c618888b0158f2ea5bc3','01a1f7fa-85a8-7000-aa75-c7f7da177b59');
INSERT INTO "purged" VALUES('client','01a1f7f8-ad00-7000-b2ee-5e5907d6374f','871bafb2888999493c9aab10e09e637b9a30e6c9af06b79f0cb023c839f3bc1e','01a1f7fa-85a8-7000-aa75-c7f7da177b59');
INSERT INTO "purged" VALUES('answer','01a1f7f9-f908-7000-8335-ed36e454c879','54def0c41742311d489a2412b645668ff20d28db699cc0b3508b1a2a69dc9dad','01a1f7fa-85a8-7000-aa75-c7f7da177b59');
CREATE TABLE purges (
    id TEXT PRIMARY KEY NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    reason TEXT NOT NULL CHECK (reason IN ('retention', 'erasure')),
    days INTEGER CHECK (days BETWEEN 1 AND 365),
    clients INTEGER NOT NULL,
    episodes INTEGER NOT NULL,
    assessments INTEGER NOT NULL,
    records INTEGER NOT NULL,
    head_seq INTEGER NOT NULL CHECK (head_seq > 0),
    head_hash TEXT NOT NULL CHECK (length(head_hash) = 64),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    CHECK ((reason = 'retention') = (days IS NOT NULL))
) STRICT;
INSERT INTO "purges" VALUES('01a1f7fa-85a8-7000-aa75-c7f7da177b59','2026-11-20T08:02:34.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','erasure',NULL,1,0,1,5,51,'db14b8c73caba4b3e43f9a4c4a004c582a51325d48ee44bd7f55016a6d702d87','898547806bf64fd5fd7dd1f6a6ababebb656b369a593a74083b877d27fc92cf0');
CREATE TABLE rescued_rows (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    row TEXT NOT NULL CHECK (json_valid(row)),
    UNIQUE (source, place)
) STRICT;
INSERT INTO "rescued_rows" VALUES(1,'notes',1,'{}');
CREATE TABLE risk_signs (
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('suicide', 'attempt')),
    about TEXT NOT NULL,
    since TEXT NOT NULL CHECK (since GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    wrong TEXT CHECK (wrong GLOB '????-??-??T??:??:??.???Z'),
    PRIMARY KEY (assessment_id, kind, about)
) STRICT;
INSERT INTO "risk_signs" VALUES('01a1fd1f-66c0-7000-8b68-c3ec7c5818cc','suicide','R1','2026-11-21T08:01:00.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL);
INSERT INTO "risk_signs" VALUES('01a1fd1e-b310-7000-83f2-10e9cc9ff658','suicide','R1','2026-11-21T08:00:15.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8',NULL);
CREATE TABLE safety (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    card TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    why_not TEXT,
    recorder TEXT NOT NULL,
    answers_seq INTEGER NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    supersedes TEXT UNIQUE, salt TEXT CHECK (length(salt) = 16), terms TEXT CHECK (json_valid(terms)),
    UNIQUE (assessment_id, stop, card, step, id),
    FOREIGN KEY (assessment_id, stop, card, step, supersedes)
        REFERENCES safety (assessment_id, stop, card, step, id),
    CHECK ((done = 0) = (why_not IS NOT NULL))
) STRICT;
INSERT INTO "safety" VALUES('01a1f7f9-35b8-7000-91bd-f84bf5ec25ea','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','suicide','card','call',1,NULL,'nurse-1',2,'2026-11-20T08:01:08.000Z',NULL,'N6xZ0UPbuDYZxB0O',NULL);
INSERT INTO "safety" VALUES('01a1fd1e-e5d8-7000-a91b-a56e14e55b06','01a1fd1e-b310-7000-83f2-10e9cc9ff658','R1','suicide_acute','stay',1,NULL,'nurse-1',3,'2026-11-21T08:00:24.000Z',NULL,'v-KtCIW6q_yjGXb-',NULL);
INSERT INTO "safety" VALUES('01a1fd1e-f190-7000-955f-165f998a1293','01a1fd1e-b310-7000-83f2-10e9cc9ff658','R1','suicide_acute','call',1,NULL,'nurse-1',3,'2026-11-21T08:00:27.000Z',NULL,'YE3uf6b-SHiEbOKH',NULL);
INSERT INTO "safety" VALUES('01a2076b-8a50-7000-a84c-88c924df0ea6','01a1fd1f-66c0-7000-8b68-c3ec7c5818cc','R1','suicide_acute','stay',1,NULL,'nurse-1',1,'2026-11-23T08:00:21.000Z',NULL,'fLyD7BJ6oPuEe7iJ','{"who":"nurse","where":"here"}');
CREATE TABLE seal_keys (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    public_key TEXT NOT NULL UNIQUE CHECK (length(public_key) = 64),
    private_key TEXT NOT NULL CHECK (length(private_key) = 64),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "seal_keys" VALUES(1,'d11af4c26fe1cd093e13f880b2dc44db5cb4be7cf89e4fd857809e0bb8868db0','3cdbc7d37652c905c198832067eb857dd9ae30b5244c9efc5ee62d1b81c45b39','2026-11-20T08:00:05.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
CREATE TABLE seals (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    public_key TEXT NOT NULL REFERENCES seal_keys (public_key),
    signature TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT;
INSERT INTO "seals" VALUES(52,'e7c2b73d9acdb0a5c6fc2a2d28f5af6aaf46cea957159a4da6e057c04686627b','2026-11-20T08:02:36.000Z','d11af4c26fe1cd093e13f880b2dc44db5cb4be7cf89e4fd857809e0bb8868db0','719775f59f151d327bac0a1364442d808ef35a7c78148bfe96785d862cfe04444453039915a3ba7f1b3a0231a0d85a7e9d856467839dbabbe5a8ac7a998ee40b');
INSERT INTO "seals" VALUES(70,'47a8c377c1966ab83f84becd1d2eb9e150a5caeada8f3b0c2cc1a1718eba5935','2026-11-21T08:01:02.000Z','d11af4c26fe1cd093e13f880b2dc44db5cb4be7cf89e4fd857809e0bb8868db0','34e3d51f0b9d42dc3a6c02b36ea7a8322f61d479610963c5674eb9c05ac159af092fdde5ec7e196971f522bdb369006fa2a9e8041edcba53903de795946e4d0e');
INSERT INTO "seals" VALUES(73,'780834cd7eb1125bf797fe7049eeae5cf97e618f2192e6ffabf214878522cf2a','2026-11-23T08:00:27.000Z','d11af4c26fe1cd093e13f880b2dc44db5cb4be7cf89e4fd857809e0bb8868db0','51d62e74b514f8a0dae43813fd8cfac5f7c771b9a96fec8988791924afaf72f7a0a848cc4254551ef6fd7977d6c09fe3541194c8aba8c0d83fbe90dc3c02b304');
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "settings" VALUES('municipality','hollola');
INSERT INTO "settings" VALUES('head.kept','yes');
CREATE TABLE statistics (
    place INTEGER PRIMARY KEY NOT NULL,
    month TEXT NOT NULL CHECK (month GLOB '????-??'),
    pathway_id TEXT NOT NULL,
    pathway_version TEXT NOT NULL,
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    urgency TEXT,
    stops TEXT NOT NULL CHECK (json_valid(stops)),
    age_from INTEGER NOT NULL CHECK (age_from % 10 = 0),
    municipality TEXT,
    part TEXT NOT NULL CHECK (part IN ('alone', 'first', 'later')),
    interventions TEXT CHECK (json_valid(interventions)),
    outcomes TEXT CHECK (json_valid(outcomes)),
    CHECK ((part = 'first') = (interventions IS NOT NULL)),
    CHECK ((part = 'first') = (outcomes IS NOT NULL))
) STRICT;
INSERT INTO "statistics" VALUES(230304758346645,'2026-11','adult','1.0.0',2,2,NULL,NULL,'[]',50,NULL,'alone',NULL,NULL);
CREATE TABLE taken (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16), note TEXT CHECK (json_valid(note))) STRICT;
INSERT INTO "taken" VALUES('01a1f7f9-7438-7000-8744-23727d1cb514','01a1f7f8-fb20-7000-8153-80bb1d0b67b2','2026-11-20T08:01:24.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8','9biNQXyc5_I-Yf3i',NULL);
CREATE TABLE worker_units (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "worker_units" VALUES('01a1f7f8-4f40-7000-b651-5349e7bd9af1','01a1f7f8-33e8-7000-b795-892bd45312b8','Lahden sote-keskus','2026-11-20T08:00:09.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
INSERT INTO "worker_units" VALUES('01a1f7f8-7268-7000-bb3a-83a44904005a','01a1f7f8-5af8-7000-b495-5f085c920150','Heinolan sote-keskus','2026-11-20T08:00:18.000Z','01a1f7f8-33e8-7000-b795-892bd45312b8');
CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "workers" VALUES('01a1f7f8-33e8-7000-b795-892bd45312b8','nurse-1','2026-11-20T08:00:02.000Z');
INSERT INTO "workers" VALUES('01a1f7f8-5af8-7000-b495-5f085c920150','nurse-2','2026-11-20T08:00:12.000Z');
CREATE TABLE worklist (
    kind TEXT NOT NULL
        CHECK (kind IN ('open_stop', 'next_contact', 'measurement', 'review', 'guarantee',
                        'unconfirmed', 'draft', 'no_next_contact')),
    assessment_id TEXT UNIQUE REFERENCES assessments (id),
    episode_id TEXT REFERENCES episodes (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    municipality TEXT,
    unit TEXT,
    worker TEXT NOT NULL REFERENCES workers (id),
    since TEXT NOT NULL,
    due TEXT CHECK (due GLOB '????-??-??'),
    paused_from TEXT CHECK (paused_from GLOB '????-??-??'),
    about TEXT,
    rank INTEGER NOT NULL AS (
        CASE kind WHEN 'open_stop' THEN 0
                  WHEN 'next_contact' THEN 1
                  WHEN 'measurement' THEN 1
                  WHEN 'review' THEN 1
                  WHEN 'guarantee' THEN 2 + (paused_from IS NOT NULL)
                  WHEN 'unconfirmed' THEN 4
                  WHEN 'draft' THEN 5
                  ELSE 6 END),
    place TEXT NOT NULL AS (coalesce(due, since)),
    waits_from TEXT NOT NULL AS (
        CASE kind WHEN 'next_contact' THEN date(due, '+1 day')
                  WHEN 'measurement' THEN due
                  WHEN 'review' THEN due
                  ELSE '' END),
    CHECK ((kind IN ('open_stop', 'unconfirmed', 'draft')) = (assessment_id IS NOT NULL)),
    CHECK ((kind IN ('next_contact', 'measurement', 'review', 'guarantee')) = (due IS NOT NULL)),
    CHECK (assessment_id IS NOT NULL OR episode_id IS NOT NULL)
) STRICT;
INSERT INTO "worklist" VALUES('open_stop','01a1f7f9-c258-7000-94af-badf97385b7c',NULL,'01a1f7f8-8dc0-7000-8255-8cefd02756d2',NULL,'Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-20T08:01:44.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('open_stop','01a1f7f9-d9c8-7000-b2ad-1abc2dba7c56','01a1f7f9-7ff0-7000-9403-7b498f37e943','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-20T08:01:50.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('open_stop','01a1f7fa-3788-7000-8712-4c86a756ecdf','01a1f7f9-7ff0-7000-9403-7b498f37e943','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-20T08:02:14.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('open_stop','01a1fd1f-66c0-7000-8b68-c3ec7c5818cc',NULL,'01a1fd1e-a370-7000-80f0-19e50e891a14',NULL,'Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-21T08:01:00.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('next_contact',NULL,'01a1f7f8-e3b0-7000-97f5-7ca9af668160','01a1f7f8-7e20-7000-a4ca-34d47d787546','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-20','2026-11-21',NULL,NULL);
INSERT INTO "worklist" VALUES('guarantee',NULL,'01a1f7f8-e3b0-7000-97f5-7ca9af668160','01a1f7f8-7e20-7000-a4ca-34d47d787546','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-20','2027-02-20',NULL,'{"rule": "treatment_start", "untold": false}');
INSERT INTO "worklist" VALUES('no_next_contact',NULL,'01a1f7f9-7ff0-7000-9403-7b498f37e943','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-02',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('guarantee',NULL,'01a1f7f9-7ff0-7000-9403-7b498f37e943','01a1f7f8-9d60-7000-b9ce-c6ac62b7384c','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-02','2026-11-16',NULL,'{"rule": "first_treatment", "untold": false}');
INSERT INTO "worklist" VALUES('next_contact',NULL,'01a1fd1f-0130-7000-b40f-777f12d7f426','01a1fd1e-a370-7000-80f0-19e50e891a14',NULL,'Lahden sote-keskus','01a1f7f8-33e8-7000-b795-892bd45312b8','2026-11-21','2026-11-24',NULL,'{"time": "09:30", "role": "nurse"}');
CREATE INDEX assessments_by_client ON assessments (client_id, seq);
CREATE INDEX notes_by_assessment ON notes (assessment_id);
CREATE INDEX episodes_by_client ON episodes (client_id, seq);
CREATE INDEX episode_assessments_by_episode ON episode_assessments (episode_id);
CREATE INDEX worker_units_by_worker ON worker_units (worker);
CREATE INDEX worklist_in_order ON worklist (rank, place, waits_from);
CREATE INDEX worklist_of_worker ON worklist (worker, rank, place, waits_from);
CREATE INDEX worklist_of_municipality ON worklist (municipality, rank, place, waits_from);
CREATE INDEX worklist_of_unit ON worklist (unit, rank, place, waits_from);
CREATE INDEX worklist_by_episode ON worklist (episode_id);
CREATE INDEX account_changes_by_worker ON account_changes (worker, kind);
CREATE INDEX client_units_by_client ON client_units (client);
CREATE INDEX taken_by_assessment ON taken (assessment_id, at);
CREATE INDEX purged_by_purge ON purged (purge_id);
CREATE INDEX client_corrections_by_client ON client_corrections (client);
CREATE INDEX client_joins_by_client ON client_joins (client);
CREATE INDEX client_joins_by_stands ON client_joins (stands);
CREATE INDEX assessment_moves_by_assessment ON assessment_moves (assessment_id);
CREATE INDEX assessment_moves_by_client ON assessment_moves (client);
CREATE INDEX assessment_moves_by_episode ON assessment_moves (episode_id);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX answers_first ON answers (assessment_id, question) WHERE supersedes IS NULL;
CREATE UNIQUE INDEX safety_first ON safety (assessment_id, stop, card, step)
    WHERE supersedes IS NULL;
CREATE TRIGGER drafts_begin AFTER INSERT ON assessments BEGIN
    INSERT INTO drafts (assessment_id) VALUES (NEW.id);
END;
CREATE TRIGGER decisions_end_draft AFTER INSERT ON decisions BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER closings_end_draft AFTER INSERT ON closings BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER workers_no_UPDATE BEFORE UPDATE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER workers_no_DELETE BEFORE DELETE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_UPDATE BEFORE UPDATE ON clients BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_UPDATE BEFORE UPDATE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_DELETE BEFORE DELETE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_UPDATE BEFORE UPDATE ON assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_UPDATE BEFORE UPDATE ON answers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_UPDATE BEFORE UPDATE ON notes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_UPDATE BEFORE UPDATE ON safety BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_UPDATE BEFORE UPDATE ON decisions BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_UPDATE BEFORE UPDATE ON closings BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_UPDATE BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_closed BEFORE INSERT ON answers
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER notes_closed BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER decisions_closed BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER closings_closed BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER episodes_no_UPDATE BEFORE UPDATE ON episodes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_events_no_UPDATE BEFORE UPDATE ON episode_events BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_assessments_no_UPDATE BEFORE UPDATE ON episode_assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER worker_units_no_UPDATE BEFORE UPDATE ON worker_units BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER worker_units_no_DELETE BEFORE DELETE ON worker_units BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER worklist_end AFTER DELETE ON drafts BEGIN
    DELETE FROM worklist WHERE assessment_id = OLD.assessment_id;
END;
CREATE TRIGGER worklist_attach AFTER INSERT ON episode_assessments BEGIN
    UPDATE worklist SET episode_id = NEW.episode_id WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER account_changes_no_UPDATE BEFORE UPDATE ON account_changes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER account_changes_no_DELETE BEFORE DELETE ON account_changes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_units_no_UPDATE BEFORE UPDATE ON client_units BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER seal_keys_no_UPDATE BEFORE UPDATE ON seal_keys BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER seal_keys_no_DELETE BEFORE DELETE ON seal_keys BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER seals_no_UPDATE BEFORE UPDATE ON seals BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER seals_no_DELETE BEFORE DELETE ON seals BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER rescued_rows_no_UPDATE BEFORE UPDATE ON rescued_rows BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER taken_no_UPDATE BEFORE UPDATE ON taken BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER purges_no_UPDATE BEFORE UPDATE ON purges BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER purges_no_DELETE BEFORE DELETE ON purges BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER purged_no_UPDATE BEFORE UPDATE ON purged BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER purged_no_DELETE BEFORE DELETE ON purged BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER statistics_no_UPDATE BEFORE UPDATE ON statistics BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER statistics_no_DELETE BEFORE DELETE ON statistics BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_DELETE BEFORE DELETE ON clients
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'client' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_DELETE BEFORE DELETE ON assessments
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'assessment' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_DELETE BEFORE DELETE ON answers
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'answer' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_DELETE BEFORE DELETE ON notes
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'note' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_DELETE BEFORE DELETE ON safety
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'safety' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_DELETE BEFORE DELETE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'decision' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_DELETE BEFORE DELETE ON closings
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'closing' AND subject = OLD.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episodes_no_DELETE BEFORE DELETE ON episodes
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'episode' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_events_no_DELETE BEFORE DELETE ON episode_events
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'event' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_assessments_no_DELETE BEFORE DELETE ON episode_assessments
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'attachment' AND subject = OLD.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_units_no_DELETE BEFORE DELETE ON client_units
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'move' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER taken_no_DELETE BEFORE DELETE ON taken
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'taking' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER rescued_rows_no_DELETE BEFORE DELETE ON rescued_rows
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE instr(OLD."row", subject))
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_corrections_no_UPDATE BEFORE UPDATE ON client_corrections BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_joins_no_UPDATE BEFORE UPDATE ON client_joins BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessment_moves_no_UPDATE BEFORE UPDATE ON assessment_moves BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_corrections_no_DELETE BEFORE DELETE ON client_corrections
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'correction' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER client_joins_no_DELETE BEFORE DELETE ON client_joins
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'joining' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessment_moves_no_DELETE BEFORE DELETE ON assessment_moves
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE word = 'belonging' AND subject = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE VIEW persons AS
SELECT c.id, p.id AS person, p.code,
    CASE WHEN k.id IS NULL THEN nullif(p.birth_year, 2100)
         ELSE k.birth_year END AS birth_year,
    CASE WHEN k.id IS NULL THEN p.sex ELSE k.sex END AS sex,
    CASE WHEN k.id IS NULL THEN p.language ELSE k.language END AS language,
    CASE WHEN k.id IS NULL THEN p.municipality ELSE k.municipality END AS municipality,
    k.id AS card, p.created_at, p.created_by
FROM clients c
    LEFT JOIN client_joins j ON j.rowid = (
        SELECT n.rowid FROM client_joins n WHERE n.client = c.id ORDER BY n.rowid DESC LIMIT 1)
    JOIN clients p ON p.id = coalesce(j.stands, c.id)
    LEFT JOIN client_corrections k ON k.rowid = (
        SELECT n.rowid FROM client_corrections n WHERE n.client = p.id
        ORDER BY n.rowid DESC LIMIT 1);
CREATE VIEW members AS
SELECT c.id AS person, c.id AS client FROM clients c WHERE coalesce((
    SELECT n.stands FROM client_joins n WHERE n.client = c.id ORDER BY n.rowid DESC LIMIT 1
), c.id) = c.id
UNION ALL
SELECT j.stands, j.client FROM client_joins j WHERE j.stands NOTNULL AND j.rowid = (
    SELECT n.rowid FROM client_joins n WHERE n.client = j.client ORDER BY n.rowid DESC LIMIT 1);
CREATE VIEW belongings AS
SELECT a.id AS assessment_id, a.client_id AS began,
    CASE WHEN m.kind = 'wrong_client' THEN NULL ELSE coalesce(m.client, a.client_id) END AS client,
    coalesce(m.client, a.client_id) AS place,
    CASE WHEN m.id IS NULL THEN e.episode_id ELSE m.episode_id END AS episode_id,
    m.id AS move, m.kind
FROM assessments a
    LEFT JOIN assessment_moves m ON m.rowid = (
        SELECT n.rowid FROM assessment_moves n WHERE n.assessment_id = a.id
        ORDER BY n.rowid DESC LIMIT 1)
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id;
CREATE TRIGGER worklist_begin AFTER INSERT ON drafts BEGIN
    
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, unit, worker, since)
SELECT 'draft', a.id, b.episode_id, b.place, c.municipality,
    
    coalesce(
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by AND u.at <= a.started_at
            ORDER BY u.rowid DESC LIMIT 1),
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by ORDER BY u.rowid LIMIT 1)), a.started_by, a.started_at
FROM drafts d
    CROSS JOIN assessments a ON a.id = d.assessment_id
    CROSS JOIN belongings b ON b.assessment_id = a.id
    CROSS JOIN persons c ON c.id = b.place
 WHERE a.id = NEW.assessment_id;
END;
CREATE TRIGGER worklist_move AFTER INSERT ON assessment_moves BEGIN
    UPDATE worklist SET client_id = NEW.client, episode_id = NEW.episode_id,
        municipality = (SELECT p.municipality FROM persons p WHERE p.id = NEW.client)
    WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER decisions_open_stop BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM open_stops WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'open stop');
END;
CREATE TRIGGER closings_open_stop BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM open_stops
             WHERE assessment_id = NEW.assessment_id AND stop <> 'pathway:unread')
BEGIN
    SELECT RAISE(ABORT, 'open stop');
END;
CREATE TRIGGER open_stops_end AFTER DELETE ON drafts BEGIN
    DELETE FROM open_stops WHERE assessment_id = OLD.assessment_id;
END;
COMMIT;
