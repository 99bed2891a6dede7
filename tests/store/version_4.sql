BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'porras','m001_first','2026-11-29 19:10:42.431748+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'porras','m002_episodes','2026-11-29 19:10:42.432564+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'porras','m003_units','2026-11-29 19:10:42.433769+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'porras','m004_people','2026-11-29 19:10:42.441377+00:00');
CREATE TABLE account_changes (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    kind TEXT NOT NULL CHECK (kind IN ('roles', 'disabled', 'enabled', 'os_user')),
    value TEXT CHECK (length(value) BETWEEN 1 AND 80),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (kind <> 'roles' OR value IS NOT NULL)
) STRICT;
INSERT INTO "account_changes" VALUES('01a1f7f8-66b0-7000-bf29-fe6a0dd6d7ec','01a1f7f8-5af8-7000-853d-eb580e30942a','roles','nurse','2026-11-20T08:00:15.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761');
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
INSERT INTO "answers" VALUES('01a1f7f9-1290-7000-b78f-7e81fc306182','01a1f7f8-fb20-7000-8a79-76c32e3797a3',1,'q1','given','1',NULL,'2026-11-20T08:00:59.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,NULL,'jOy984pqqcl25UBd');
INSERT INTO "answers" VALUES('01a1f7f9-1e48-7000-88b2-de1cd6b1327f','01a1f7f8-fb20-7000-8a79-76c32e3797a3',2,'q1','given','2',NULL,'2026-11-20T08:01:02.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','01a1f7f9-1290-7000-b78f-7e81fc306182',NULL,'9DD3xxmb9kiBRxn5');
INSERT INTO "answers" VALUES('01a1f7f9-ce10-7000-acef-1f03ed6d726f','01a1f7f9-c258-7000-85a5-cbf013928a30',1,'q1','given','3',NULL,'2026-11-20T08:01:47.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,NULL,'mfd-fnPvJnwtyhBg');
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
INSERT INTO "assessments" VALUES('01a1f7f8-fb20-7000-8a79-76c32e3797a3',1,'01a1f7f8-7e20-7000-846c-d543d72f18d2','sha256:11aa','clinic','fi','2026-11-20T08:00:53.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','0P8VTDE7Vdij-hY0');
INSERT INTO "assessments" VALUES('01a1f7f9-aed0-7000-99d8-142eb2666079',2,'01a1f7f8-8dc0-7000-83dd-f7b763d65286','sha256:11aa','clinic','fi','2026-11-20T08:01:39.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','Ar2RNcW_LhR6u6f7');
INSERT INTO "assessments" VALUES('01a1f7f9-c258-7000-85a5-cbf013928a30',3,'01a1f7f8-8dc0-7000-83dd-f7b763d65286','sha256:11aa','clinic','sv','2026-11-20T08:01:44.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','4F_ND0qH94HCgWFm');
INSERT INTO "assessments" VALUES('01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79',4,'01a1f7f8-9d60-7000-b311-abfa08bda62e','sha256:11aa','phone','fi','2026-11-20T08:01:50.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','unZuzQ2TH1ep2BUB');
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
INSERT INTO "audit" VALUES(1,'2026-11-20T08:00:03.000Z','nurse-1','worker.added','01a1f7f8-33e8-7000-9205-da4ef39aa761','706f53a772f1abbf5c063ea38a0f945735d35b2f6b226df5fcd385e7b28f1047','0000000000000000000000000000000000000000000000000000000000000000','cc3b68da116dc786c9f2686068c1d1516cb53549f9e1bdb21e9b489c3403b661','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(2,'2026-11-20T08:00:06.000Z','nurse-1','sealkey.made','b3cd4b5e5c0fac04c89844c3da566ed74f9229a6edaa1d6b7cd0cb2a688cf3b7','a1167afc721d756227204075200cd092ff4f5bff11229d91b30028383ae5aaa1','cc3b68da116dc786c9f2686068c1d1516cb53549f9e1bdb21e9b489c3403b661','0699fd8aa8bf2bb8bde2703f51e3fade2fd5b04dc105aafcba160e1f1780af9c','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(3,'2026-11-20T08:00:07.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-9205-da4ef39aa761','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','0699fd8aa8bf2bb8bde2703f51e3fade2fd5b04dc105aafcba160e1f1780af9c','06aeaa7c53c3f346dfae90c9c71e8b5d9c57204ea78823e5c241cbdb392fef07','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(4,'2026-11-20T08:00:10.000Z','nurse-1','unit.named','01a1f7f8-4f40-7000-94ad-73bcc25dde81','316e418364a027017e2c5664008402014a61743656378473b661a3addc5a5027','06aeaa7c53c3f346dfae90c9c71e8b5d9c57204ea78823e5c241cbdb392fef07','f1ca13f49f64b23b0ce193199af244222a0a1f4882785b87cfc06599f990591f','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(5,'2026-11-20T08:00:13.000Z','nurse-1','worker.added','01a1f7f8-5af8-7000-853d-eb580e30942a','d3cff26cee968a7a3f47d18a0c99e525d8c19628896bedf964e2e025726eb5da','f1ca13f49f64b23b0ce193199af244222a0a1f4882785b87cfc06599f990591f','96aef26669acf490f4d267df0d65fc1f6feb10e8e07080a8439da6276eadc13a','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(6,'2026-11-20T08:00:16.000Z','nurse-1','person.roles','01a1f7f8-66b0-7000-bf29-fe6a0dd6d7ec','81d6067d419585915b5055c58255a9d8d12439be34a41877b7da0a3e429a5ebe','96aef26669acf490f4d267df0d65fc1f6feb10e8e07080a8439da6276eadc13a','63ba5c94cf4b9241576dc7cdb5b9dd152d29637c78288be138f56aa6a51cc14c','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(7,'2026-11-20T08:00:19.000Z','nurse-1','unit.named','01a1f7f8-7268-7000-bbee-394899eddd9b','78ff95a4e76b0e76687785fa1a7d8599cc0e8c00c895384349032205b38c90a1','63ba5c94cf4b9241576dc7cdb5b9dd152d29637c78288be138f56aa6a51cc14c','0cdfd5b0fe28d1bcd88ff5ea02e921a9cc67b93d3ac7e83f0bccd88c76446cc2','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(8,'2026-11-20T08:00:23.000Z','nurse-1','client.added','01a1f7f8-7e20-7000-846c-d543d72f18d2','d68e506e08688f94f356434c5e78ed80555749f6a3fef08018514df3bd364176','0cdfd5b0fe28d1bcd88ff5ea02e921a9cc67b93d3ac7e83f0bccd88c76446cc2','d9e441dd59591974b38416d4ede35a71c5cac1591933bad60d9ca43ab1a2d220','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(9,'2026-11-20T08:00:27.000Z','nurse-1','client.added','01a1f7f8-8dc0-7000-83dd-f7b763d65286','266c86b931e3db080985a4c15ab59863eb15bf31b4ab67f46d95d45fd17e03ff','d9e441dd59591974b38416d4ede35a71c5cac1591933bad60d9ca43ab1a2d220','557478dd1bf61f469a43362bca088055ba0b4aed440e2a5a52eba87df73780f1','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(10,'2026-11-20T08:00:31.000Z','nurse-1','client.added','01a1f7f8-9d60-7000-b311-abfa08bda62e','25a1557cdce4a4d0fcbe8179bfc8193dd2eeaa676ec4fcd122b36ba5ee955c76','557478dd1bf61f469a43362bca088055ba0b4aed440e2a5a52eba87df73780f1','f860eca7e15d4040dbfee24e96e0b91731a2ab62bbabe525cd020a4cc2b26a3a','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(11,'2026-11-20T08:00:35.000Z','nurse-1','client.added','01a1f7f8-ad00-7000-8e82-2482932a4685','fbdbab2b40c531f30a57a05b16fcc0f0ae439c71a945e9791408938de5129bf1','f860eca7e15d4040dbfee24e96e0b91731a2ab62bbabe525cd020a4cc2b26a3a','9bbbbaeb06c7ffd060d875bb5cdb24ff68aa8696aae3be745954d935055f51d3','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(12,'2026-11-20T08:00:36.000Z','nurse-1','setting.changed','municipality','b789cd253587d7c9148409b44a8913fa6fd95fba660edb78e4bc03296b74f830','9bbbbaeb06c7ffd060d875bb5cdb24ff68aa8696aae3be745954d935055f51d3','47d3415f0c07b9a6b78e7073cca00854773e879551d68472dfec40e565e9c6ec','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(13,'2026-11-20T08:00:39.000Z','nurse-1','episode.begun','01a1f7f8-c088-7000-ba57-9f16fbfcf72b','ed7fd3675b632049904b15a69f06adf39506c5aebcc27d9655ef73dcdcab78ae','47d3415f0c07b9a6b78e7073cca00854773e879551d68472dfec40e565e9c6ec','43b54796ffdd60bcf07e468c24b74a0e076254b57fe4158af7aeaeadf6c2bbee','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(14,'2026-11-20T08:00:42.000Z','nurse-1','event.opened','01a1f7f8-cc40-7000-90d4-de4ec65c073e','315a2db75615e3d5d966828f6d6c6eb0ac221f2a8cc9bb64f1d9abc668e187c1','43b54796ffdd60bcf07e468c24b74a0e076254b57fe4158af7aeaeadf6c2bbee','b1c4065164855b990d4d5a5b6823315378470ee2de9f8f4f7ebe08ebcc552993','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(15,'2026-11-20T08:00:45.000Z','nurse-1','event.closed','01a1f7f8-d7f8-7000-a3be-fbfbd44ebbc0','e845382f0066585dc50c880e3c3cf4f28d86293c0d56bf2c421d9499d257d77a','b1c4065164855b990d4d5a5b6823315378470ee2de9f8f4f7ebe08ebcc552993','fce5551b37c17bece4dcb166cba660caaad6688c1ca38d642cf1b743aa847243','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(16,'2026-11-20T08:00:48.000Z','nurse-1','episode.begun','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7','e19d2fd8a9b6d15d2bf3255a33f54eea5424db06162979ad9a1c0be731af96e3','fce5551b37c17bece4dcb166cba660caaad6688c1ca38d642cf1b743aa847243','bd239fa1e6f6cedb22affef6a82d2b0b53040a9da5020ebca9316223d22e45eb','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(17,'2026-11-20T08:00:51.000Z','nurse-1','event.opened','01a1f7f8-ef68-7000-8896-74f13b92ece4','b67f3dcb3d63edbaf292b90c15ea45c900d380db518a176695c7faa6213417d7','bd239fa1e6f6cedb22affef6a82d2b0b53040a9da5020ebca9316223d22e45eb','7c8adeea1e4449118f241cce5bbb22bc10fcee4819165be79437374b5a9b49d4','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(18,'2026-11-20T08:00:54.000Z','nurse-1','pathway.kept','sha256:11aa','595fca53b35aa6cceb6e79356e66498af52564fd12c9741254023427d71ed6fc','7c8adeea1e4449118f241cce5bbb22bc10fcee4819165be79437374b5a9b49d4','d8d6f4b49f2169c456c6f7d069e32f293f6965949feb93102c0b943e6573adbf','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(19,'2026-11-20T08:00:55.000Z','nurse-1','assessment.started','01a1f7f8-fb20-7000-8a79-76c32e3797a3','216e6090856b3b93131406e4d82937a9e1b6aad912ca563d529c35c9904147e9','d8d6f4b49f2169c456c6f7d069e32f293f6965949feb93102c0b943e6573adbf','34b8ef62f337d6fa13e47fd9372de9109177e679f0507173ea343621faf33241','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(20,'2026-11-20T08:00:57.000Z','nurse-1','attachment.made','01a1f7f8-fb20-7000-8a79-76c32e3797a3','341d981042712ac9e67508cf40b21a429dd5414c14b275cb5973eb570da3213f','34b8ef62f337d6fa13e47fd9372de9109177e679f0507173ea343621faf33241','0f65d10fe6beef64ab4eee8062fcedad004e0d34a2a4a1ffe8bac1297709d20c','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(21,'2026-11-20T08:01:00.000Z','nurse-1','answer.given','01a1f7f9-1290-7000-b78f-7e81fc306182','222fb6223ca9863742921abf2a8e4c5a2bbc340cd2165d200c2f65bfc88a3ed9','0f65d10fe6beef64ab4eee8062fcedad004e0d34a2a4a1ffe8bac1297709d20c','a11941c79bf026dbe840fa8d166c3279078fc700edb9015b951098dc438c7c9b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(22,'2026-11-20T08:01:03.000Z','nurse-1','answer.corrected','01a1f7f9-1e48-7000-88b2-de1cd6b1327f','c5c650c390a943faf4655e42fd2cf86ee68dba6bd3cc611b18f39e4787896b10','a11941c79bf026dbe840fa8d166c3279078fc700edb9015b951098dc438c7c9b','58c082c59426f5393bfd5513150a4ef30d78cef5b36880e4c3eb2b95fd77973f','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(23,'2026-11-20T08:01:06.000Z','nurse-1','note.added','01a1f7f9-2a00-7000-b003-3bab85b92d35','3bd8cf18a34a7ac8fa87d271c18f99fe4902a5cc76c4a227da737783f7d64ad3','58c082c59426f5393bfd5513150a4ef30d78cef5b36880e4c3eb2b95fd77973f','c50f8bbf06dd1f8e0d52d1e0d0d1a1474adcb02b7c94032a836953bad4710e5c','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(24,'2026-11-20T08:01:09.000Z','nurse-1','safety.recorded','01a1f7f9-35b8-7000-834b-63f9dd7aebed','e956ebee3a9945ca4ceac034b4e563acb8518326e0faea4439949027b8fc438b','c50f8bbf06dd1f8e0d52d1e0d0d1a1474adcb02b7c94032a836953bad4710e5c','98882dca5c3a930e05fbcd0cfcc9b94c8850b235643deb14d9b4a64e0f105328','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(25,'2026-11-20T08:01:12.000Z','nurse-1','decision.confirmed','01a1f7f9-4170-7000-b8ab-eead7a87ae3c','60d1ffcb22cb5b425f8d918842def1f1281b5da31bf7d5ea522705df7a2ffd3c','98882dca5c3a930e05fbcd0cfcc9b94c8850b235643deb14d9b4a64e0f105328','e04ecba40992b6e6b8610b836be4f520b728b25cc684be3f92fd06ace40cdb96','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(26,'2026-11-20T08:01:16.000Z','nurse-1','event.measured','01a1f7f9-5110-7000-916d-c08a58ed962d','94eba50596fc894ca27068d36fdb9ee35c1907170adb3d786c97760c15520a13','e04ecba40992b6e6b8610b836be4f520b728b25cc684be3f92fd06ace40cdb96','c1293668e72282813855f7dc2e7279d869ec5c9538f8285453cc2378518d363b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(27,'2026-11-20T08:01:19.000Z','nurse-1','event.need_established','01a1f7f9-5cc8-7000-9865-e0867c5c3d12','aba8307ef99a5d4ef17fbeadeca4914e1e34bdcfb745f8f4ff24ebe81232e66c','c1293668e72282813855f7dc2e7279d869ec5c9538f8285453cc2378518d363b','09aca5eaa54ece18438d61a7ce552e5b736ee486ccb6ab9324c253772b9d6205','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(28,'2026-11-20T08:01:22.000Z','nurse-1','event.next_contact','01a1f7f9-6880-7000-8aa5-adc6a68f3eb7','011fc305ed81c4fb0f91db50ab3b430367eef8dd5b37338d1e645f2093311f1d','09aca5eaa54ece18438d61a7ce552e5b736ee486ccb6ab9324c253772b9d6205','3788c8124fab09eb1212790a63460875d6a06b49916fa0547030a7bd91eeab5b','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(29,'2026-11-20T08:01:25.000Z','nurse-1','taking.noted','01a1f7f9-7438-7000-ab22-0905f9baa4d6','843f72e84880550e69556170994a7ca0619886f5e10daa79f80c0a78ca1f6aa3','3788c8124fab09eb1212790a63460875d6a06b49916fa0547030a7bd91eeab5b','aaf7a56dcaf65d9d95d199c3660d8cef340c1ee16d4789ead6c520bf5e6c10e4','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(30,'2026-11-20T08:01:28.000Z','nurse-1','episode.begun','01a1f7f9-7ff0-7000-831d-8439ebd05c2f','5a710477c8164d3e891a497b00e984ef5bc80dbf9f7ff29def5e48fa6a0bfbca','aaf7a56dcaf65d9d95d199c3660d8cef340c1ee16d4789ead6c520bf5e6c10e4','70b94e3cca19644f373c083b727cee67bf6af09c61e360b696669e4ead6dd895','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(31,'2026-11-20T08:01:31.000Z','nurse-1','event.opened','01a1f7f9-8ba8-7000-ac0d-64511b845dc8','8ff42e62a84da2eaa9b27eabbcde8616306663d5eb0adaa69080d50045aedcd4','70b94e3cca19644f373c083b727cee67bf6af09c61e360b696669e4ead6dd895','3a0079092d8a00be1e937d10df0c19bb1a5e4c95b9e2724de82836dba40868fb','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(32,'2026-11-20T08:01:34.000Z','nurse-1','event.need_established','01a1f7f9-9760-7000-b2ed-56f7a5e17672','aaa7522e66ec2abcdbd8f08e76e3bc82f68ef8bde640996f94c43c0be4f4c81c','3a0079092d8a00be1e937d10df0c19bb1a5e4c95b9e2724de82836dba40868fb','7bbb0b676191772e2467d0f356cafdd26b683017a5f489372725b106b487e9b6','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(33,'2026-11-20T08:01:37.000Z','nurse-1','move.made','01a1f7f9-a318-7000-bf73-4af4acfa069e','7230039fe16e92ebe8184525d41a638b41a2af5cf80b8374781b6e6817acaf1f','7bbb0b676191772e2467d0f356cafdd26b683017a5f489372725b106b487e9b6','4990b8b2561a1c9720aaabdca40aad38aefafa8ca8c66fc707cd9a5a4f6427db','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(34,'2026-11-20T08:01:40.000Z','nurse-1','assessment.started','01a1f7f9-aed0-7000-99d8-142eb2666079','4496bf2bb76d4244d2c3f858ad6187f3d5f90e36de431923b9f62b379dd9ce74','4990b8b2561a1c9720aaabdca40aad38aefafa8ca8c66fc707cd9a5a4f6427db','2506b4f03fa1cff66e949cae6adb68ebcf84646a29110aad0ebba932f5e57591','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(35,'2026-11-20T08:01:42.000Z','nurse-1','closing.abandoned','01a1f7f9-aed0-7000-99d8-142eb2666079','7d8512296c181adc5e4e22cfe014554877a05daddf0607e8d122c8da3ee97b79','2506b4f03fa1cff66e949cae6adb68ebcf84646a29110aad0ebba932f5e57591','2b9fa4f3ed32bcc209d9bcd641af873d1d35763cd610733dcf120eeaa609b991','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(36,'2026-11-20T08:01:45.000Z','nurse-1','assessment.started','01a1f7f9-c258-7000-85a5-cbf013928a30','e49d1aebf680e0b312c5aff53ef13eae07af150c421b6bda1eda32ce5bdee9a1','2b9fa4f3ed32bcc209d9bcd641af873d1d35763cd610733dcf120eeaa609b991','65c5868472222888fde6f70c4047d5983f89e0469d99da0cf04600f72609fd71','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(37,'2026-11-20T08:01:48.000Z','nurse-1','answer.given','01a1f7f9-ce10-7000-acef-1f03ed6d726f','d5ed02d176a038b3d322de5719ed9ecd57b525636faccaad7c0e0dadf32c3ee7','65c5868472222888fde6f70c4047d5983f89e0469d99da0cf04600f72609fd71','6fdd124ac9e4d1a14aecff18277cfe9f22b9860af58d483d7f64969ef932f7ca','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(38,'2026-11-20T08:01:51.000Z','nurse-1','assessment.started','01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79','73013d116411e4cd08f34fa274b746451cc05046620f5f0459af8374d7bd3807','6fdd124ac9e4d1a14aecff18277cfe9f22b9860af58d483d7f64969ef932f7ca','e7566b9d40e45afca4db2e51cdcb50020f2bcb466e74c3d0c381d394890075c2','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(39,'2026-11-20T08:01:53.000Z','nurse-1','attachment.made','01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79','92e8a2f70ff6046bf4fbaafe170496d0238992d4309708b3ead332731b1d566f','e7566b9d40e45afca4db2e51cdcb50020f2bcb466e74c3d0c381d394890075c2','a8e8a81a14c04d44d5935f765259aa8d6f94744dd8ed04c9fb64c2519715ec06','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(40,'2026-11-20T08:01:56.000Z','nurse-1','assessment.started','01a1f7f9-ed50-7000-9164-ba481f7f1a8c','f94df9be2ab82e59687e4accd1db46644509f36eb92f9e0668df4965cc889a88','a8e8a81a14c04d44d5935f765259aa8d6f94744dd8ed04c9fb64c2519715ec06','84045b630d31e5dd99d4da04a71f7b79d6f941bcf17e50bc6129d52392d68914','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(41,'2026-11-20T08:01:59.000Z','nurse-1','answer.given','01a1f7f9-f908-7000-966e-50784962d3c6','11de5bb69455691e0772c671c8886cb6dfb66177a1512155412abe1336ad7a96','84045b630d31e5dd99d4da04a71f7b79d6f941bcf17e50bc6129d52392d68914','2303e2db1b51e515a4a9db96ccf7a8b595fe1a51a2b16ce13f93aef88c4379c4','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(42,'2026-11-20T08:02:02.000Z','nurse-1','decision.confirmed','01a1f7fa-04c0-7000-826b-fef2ff235515','056c4dc3f5fa59acee763a700c291e1a5d954ccab204f34740e5c3be762a7fbf','2303e2db1b51e515a4a9db96ccf7a8b595fe1a51a2b16ce13f93aef88c4379c4','16b7a2e12a240b7f5b883cb03e3c875156976fe1731be3a8f31d613ccf903982','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(43,'2026-11-20T08:02:05.000Z','nurse-1','taking.noted','01a1f7fa-1078-7000-a892-f9d02de0d562','ba67bb295ecbe5da4abc130e658add65fc18e196669e9c585f925ecf3bf0b750','16b7a2e12a240b7f5b883cb03e3c875156976fe1731be3a8f31d613ccf903982','79956cf4580d900066926e14919e77f7e4a2df8d15c2adbb61cfa1b8afe48a65','nurse','tty1','1.0');
INSERT INTO "audit" VALUES(44,'2026-11-20T08:02:09.000Z','nurse-1','purge.erased','01a1f7fa-2018-7000-af0e-4edcc71d82f1','840d6b8dbdac03f69a3ba8d0dfd7d39d0f13eab8c36c0322da3bed7d95e68587','79956cf4580d900066926e14919e77f7e4a2df8d15c2adbb61cfa1b8afe48a65','b83d2f07268c73c75798a501e50d1d2805e86316ef1c6d547a2e92116a1dd7ed','nurse','tty1','1.0');
CREATE TABLE client_units (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "client_units" VALUES('01a1f7f9-a318-7000-bf73-4af4acfa069e','01a1f7f8-8dc0-7000-83dd-f7b763d65286','Lahden sote-keskus','2026-11-20T08:01:36.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','JNC_fJzmE5IFqQlm');
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
INSERT INTO "clients" VALUES('01a1f7f8-7e20-7000-846c-d543d72f18d2','TREENAAM',1980,'f','fi','hollola','2026-11-20T08:00:22.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','nN98mySPlW3r5y2i');
INSERT INTO "clients" VALUES('01a1f7f8-8dc0-7000-83dd-f7b763d65286','TREENABK',1990,NULL,'sv',NULL,'2026-11-20T08:00:26.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','pxVyrXFzNMzg2Q-4');
INSERT INTO "clients" VALUES('01a1f7f8-9d60-7000-b311-abfa08bda62e','TREENACR',2006,NULL,'fi','asikkala','2026-11-20T08:00:30.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','XMRoMA-LiXqs0BlA');
CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "closings" VALUES('01a1f7f9-aed0-7000-99d8-142eb2666079','abandoned','client left','2026-11-20T08:01:41.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','L-s3M3iXMBFz7zYy');
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
INSERT INTO "decisions" VALUES('01a1f7f9-4170-7000-b8ab-eead7a87ae3c','01a1f7f8-fb20-7000-8a79-76c32e3797a3','{"decision": {"scores": {"phq9.total": 14}}}',1,1,NULL,NULL,'2026-11-20T08:01:11.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','tPJKbxSHTp-rMHCq');
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id)
) STRICT;
INSERT INTO "drafts" VALUES('01a1f7f9-c258-7000-85a5-cbf013928a30');
INSERT INTO "drafts" VALUES('01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79');
CREATE TABLE episode_assessments (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "episode_assessments" VALUES('01a1f7f8-fb20-7000-8a79-76c32e3797a3','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7','2026-11-20T08:00:56.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','J0NuqsN19x-CaVe9');
INSERT INTO "episode_assessments" VALUES('01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79','01a1f7f9-7ff0-7000-831d-8439ebd05c2f','2026-11-20T08:01:52.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','oDCGy5pXHjrN-faO');
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
INSERT INTO "episode_events" VALUES('01a1f7f8-cc40-7000-90d4-de4ec65c073e','01a1f7f8-c088-7000-ba57-9f16fbfcf72b',1,'opened','2026-06-01','{"day":"2026-06-01","kind":"opened"}','2026-11-20T08:00:41.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'oAdwbQa_kF0yXmLZ');
INSERT INTO "episode_events" VALUES('01a1f7f8-d7f8-7000-a3be-fbfbd44ebbc0','01a1f7f8-c088-7000-ba57-9f16fbfcf72b',2,'closed','2026-09-01','{"day":"2026-09-01","kind":"closed","how":"recovered"}','2026-11-20T08:00:44.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'Pf87yUKylWLAv9N6');
INSERT INTO "episode_events" VALUES('01a1f7f8-ef68-7000-8896-74f13b92ece4','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7',1,'opened','2026-11-01','{"day":"2026-11-01","kind":"opened"}','2026-11-20T08:00:50.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'9enyVcZx0zmrNVgk');
INSERT INTO "episode_events" VALUES('01a1f7f9-5110-7000-916d-c08a58ed962d','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7',2,'measured','2026-11-20','{"day":"2026-11-20","kind":"measured","assessment":"01a1f7f8-fb20-7000-8a79-76c32e3797a3","step":1,"scores":{"phq9.total":14}}','2026-11-20T08:01:15.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'_K5njM8OuvGbyk6c');
INSERT INTO "episode_events" VALUES('01a1f7f9-5cc8-7000-9865-e0867c5c3d12','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7',3,'need_established','2026-11-20','{"day":"2026-11-20","kind":"need_established"}','2026-11-20T08:01:18.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'Mkexd5csPsNLDKx1');
INSERT INTO "episode_events" VALUES('01a1f7f9-6880-7000-8aa5-adc6a68f3eb7','01a1f7f8-e3b0-7000-b83c-72b583ad1fc7',4,'next_contact','2026-11-20','{"day":"2026-11-20","kind":"next_contact","due":"2026-11-21"}','2026-11-20T08:01:21.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'HWkcp2FSPA094-Y0');
INSERT INTO "episode_events" VALUES('01a1f7f9-8ba8-7000-ac0d-64511b845dc8','01a1f7f9-7ff0-7000-831d-8439ebd05c2f',1,'opened','2026-11-02','{"day":"2026-11-02","kind":"opened"}','2026-11-20T08:01:30.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'Zw6GqMmG1TT0XyPp');
INSERT INTO "episode_events" VALUES('01a1f7f9-9760-7000-b2ed-56f7a5e17672','01a1f7f9-7ff0-7000-831d-8439ebd05c2f',2,'need_established','2026-11-02','{"day":"2026-11-02","kind":"need_established"}','2026-11-20T08:01:33.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761',NULL,'QohalDBNvN9k-aqU');
CREATE TABLE episodes (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "episodes" VALUES('01a1f7f8-c088-7000-ba57-9f16fbfcf72b',1,'01a1f7f8-8dc0-7000-83dd-f7b763d65286','2026-11-20T08:00:38.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','LRzvGW1S_S3Og194');
INSERT INTO "episodes" VALUES('01a1f7f8-e3b0-7000-b83c-72b583ad1fc7',2,'01a1f7f8-7e20-7000-846c-d543d72f18d2','2026-11-20T08:00:47.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','9R6ucdcimxgzBFdv');
INSERT INTO "episodes" VALUES('01a1f7f9-7ff0-7000-831d-8439ebd05c2f',3,'01a1f7f8-9d60-7000-b311-abfa08bda62e','2026-11-20T08:01:27.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','Rgim0MDpEqzs-2X0');
CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "notes" VALUES('01a1f7f9-2a00-7000-b003-3bab85b92d35','01a1f7f8-fb20-7000-8a79-76c32e3797a3','q1','tired','2026-11-20T08:01:05.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','qY3V7Yu6pErYvbDM');
CREATE TABLE pathways (
    digest TEXT PRIMARY KEY NOT NULL,
    pathway_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files))
) STRICT;
INSERT INTO "pathways" VALUES('sha256:11aa','adult','1.0.0','{"rules.toml": "id = ''ä''"}');
CREATE TABLE purged (
    word TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    purge_id TEXT NOT NULL REFERENCES purges (id),
    PRIMARY KEY (word, subject)
) STRICT;
INSERT INTO "purged" VALUES('client','01a1f7f8-ad00-7000-8e82-2482932a4685','fbdbab2b40c531f30a57a05b16fcc0f0ae439c71a945e9791408938de5129bf1','01a1f7fa-2018-7000-af0e-4edcc71d82f1');
INSERT INTO "purged" VALUES('assessment','01a1f7f9-ed50-7000-9164-ba481f7f1a8c','f94df9be2ab82e59687e4accd1db46644509f36eb92f9e0668df4965cc889a88','01a1f7fa-2018-7000-af0e-4edcc71d82f1');
INSERT INTO "purged" VALUES('decision','01a1f7fa-04c0-7000-826b-fef2ff235515','056c4dc3f5fa59acee763a700c291e1a5d954ccab204f34740e5c3be762a7fbf','01a1f7fa-2018-7000-af0e-4edcc71d82f1');
INSERT INTO "purged" VALUES('taking','01a1f7fa-1078-7000-a892-f9d02de0d562','ba67bb295ecbe5da4abc130e658add65fc18e196669e9c585f925ecf3bf0b750','01a1f7fa-2018-7000-af0e-4edcc71d82f1');
INSERT INTO "purged" VALUES('answer','01a1f7f9-f908-7000-966e-50784962d3c6','11de5bb69455691e0772c671c8886cb6dfb66177a1512155412abe1336ad7a96','01a1f7fa-2018-7000-af0e-4edcc71d82f1');
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
INSERT INTO "purges" VALUES('01a1f7fa-2018-7000-af0e-4edcc71d82f1','2026-11-20T08:02:08.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','erasure',NULL,1,0,1,5,43,'79956cf4580d900066926e14919e77f7e4a2df8d15c2adbb61cfa1b8afe48a65','df3a6d1352198d7e33f00ceaa9386afbbf1ad214fdccd4544325b746baa7a576');
CREATE TABLE rescued_rows (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    row TEXT NOT NULL CHECK (json_valid(row)),
    UNIQUE (source, place)
) STRICT;
INSERT INTO "rescued_rows" VALUES(1,'notes',1,'{}');
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
    supersedes TEXT UNIQUE, salt TEXT CHECK (length(salt) = 16),
    UNIQUE (assessment_id, stop, card, step, id),
    FOREIGN KEY (assessment_id, stop, card, step, supersedes)
        REFERENCES safety (assessment_id, stop, card, step, id),
    CHECK ((done = 0) = (why_not IS NOT NULL))
) STRICT;
INSERT INTO "safety" VALUES('01a1f7f9-35b8-7000-834b-63f9dd7aebed','01a1f7f8-fb20-7000-8a79-76c32e3797a3','suicide','card','call',1,NULL,'nurse-1',2,'2026-11-20T08:01:08.000Z',NULL,'4cVUjCpVucTU4EIx');
CREATE TABLE seal_keys (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    public_key TEXT NOT NULL UNIQUE CHECK (length(public_key) = 64),
    private_key TEXT NOT NULL CHECK (length(private_key) = 64),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "seal_keys" VALUES(1,'b3cd4b5e5c0fac04c89844c3da566ed74f9229a6edaa1d6b7cd0cb2a688cf3b7','3d851d3d5f3268cc1d0af00eb3694b033e7e6a83883f459578730a5250531d8f','2026-11-20T08:00:05.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761');
CREATE TABLE seals (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    public_key TEXT NOT NULL REFERENCES seal_keys (public_key),
    signature TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT;
INSERT INTO "seals" VALUES(44,'b83d2f07268c73c75798a501e50d1d2805e86316ef1c6d547a2e92116a1dd7ed','2026-11-20T08:02:10.000Z','b3cd4b5e5c0fac04c89844c3da566ed74f9229a6edaa1d6b7cd0cb2a688cf3b7','c4e75714c29028e846061f73205ffc15911a4314bd3b52b208e29dfbef02935a76b603e2b771d38af975be2ea706d4679e18d2a58d54da024e61cbbe01c13c01');
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "settings" VALUES('municipality','hollola');
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
INSERT INTO "statistics" VALUES(233063103068499,'2026-11','adult','1.0.0',2,2,NULL,NULL,'[]',50,NULL,'alone',NULL,NULL);
CREATE TABLE taken (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
, salt TEXT CHECK (length(salt) = 16)) STRICT;
INSERT INTO "taken" VALUES('01a1f7f9-7438-7000-ab22-0905f9baa4d6','01a1f7f8-fb20-7000-8a79-76c32e3797a3','2026-11-20T08:01:24.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761','C4cBYpmlBNZn5BRK');
CREATE TABLE worker_units (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "worker_units" VALUES('01a1f7f8-4f40-7000-94ad-73bcc25dde81','01a1f7f8-33e8-7000-9205-da4ef39aa761','Lahden sote-keskus','2026-11-20T08:00:09.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761');
INSERT INTO "worker_units" VALUES('01a1f7f8-7268-7000-bbee-394899eddd9b','01a1f7f8-5af8-7000-853d-eb580e30942a','Heinolan sote-keskus','2026-11-20T08:00:18.000Z','01a1f7f8-33e8-7000-9205-da4ef39aa761');
CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "workers" VALUES('01a1f7f8-33e8-7000-9205-da4ef39aa761','nurse-1','2026-11-20T08:00:02.000Z');
INSERT INTO "workers" VALUES('01a1f7f8-5af8-7000-853d-eb580e30942a','nurse-2','2026-11-20T08:00:12.000Z');
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
INSERT INTO "worklist" VALUES('next_contact',NULL,'01a1f7f8-e3b0-7000-b83c-72b583ad1fc7','01a1f7f8-7e20-7000-846c-d543d72f18d2','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-20','2026-11-21',NULL,NULL);
INSERT INTO "worklist" VALUES('guarantee',NULL,'01a1f7f8-e3b0-7000-b83c-72b583ad1fc7','01a1f7f8-7e20-7000-846c-d543d72f18d2','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-20','2027-02-20',NULL,'first_treatment');
INSERT INTO "worklist" VALUES('no_next_contact',NULL,'01a1f7f9-7ff0-7000-831d-8439ebd05c2f','01a1f7f8-9d60-7000-b311-abfa08bda62e','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-02',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('guarantee',NULL,'01a1f7f9-7ff0-7000-831d-8439ebd05c2f','01a1f7f8-9d60-7000-b311-abfa08bda62e','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-02','2026-11-16',NULL,'first_treatment');
INSERT INTO "worklist" VALUES('open_stop','01a1f7f9-c258-7000-85a5-cbf013928a30',NULL,'01a1f7f8-8dc0-7000-83dd-f7b763d65286',NULL,'Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-20T08:01:44.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('draft','01a1f7f9-d9c8-7000-96b8-f1dc50fb6d79','01a1f7f9-7ff0-7000-831d-8439ebd05c2f','01a1f7f8-9d60-7000-b311-abfa08bda62e','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-9205-da4ef39aa761','2026-11-20T08:01:50.000Z',NULL,NULL,NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX assessments_by_client ON assessments (client_id, seq);
CREATE UNIQUE INDEX answers_first ON answers (assessment_id, question) WHERE supersedes IS NULL;
CREATE INDEX notes_by_assessment ON notes (assessment_id);
CREATE UNIQUE INDEX safety_first ON safety (assessment_id, stop, card, step)
    WHERE supersedes IS NULL;
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
CREATE TRIGGER worklist_begin AFTER INSERT ON drafts BEGIN
    
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, unit, worker, since)
SELECT 'draft', a.id, e.episode_id, c.id, c.municipality,
    
    coalesce(
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by AND u.at <= a.started_at
            ORDER BY u.rowid DESC LIMIT 1),
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by ORDER BY u.rowid LIMIT 1)), a.started_by, a.started_at
FROM drafts d
    JOIN assessments a ON a.id = d.assessment_id
    JOIN clients c ON c.id = a.client_id
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id
 WHERE a.id = NEW.assessment_id;
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
COMMIT;
